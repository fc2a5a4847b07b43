import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import type { Me } from "@/api/types";
import { caller, show } from "@/test/show";
import { OwnerSelect, useOwnerRule, WhyReadOnly } from "./owner";

const at = (id: string, ...permissions: string[]): Me["nodes"][number] => ({ id, name: id.toUpperCase(), permissions });
const inOne: Me = { ...caller(), nodes: [at("ops", "skills:write"), at("dev", "skills:read")] };
const inTwo: Me = { ...caller(), nodes: [at("ops", "skills:write"), at("dev", "skills:write")] };
const everywhere: Me = { ...caller("skills:write"), nodes: [at("ops", "tools:write")] };

/** A form as those of skills, tools and receivers begin. */
function Form({ readOnly = false }: { readOnly?: boolean }) {
  const { first, check } = useOwnerRule("skills:write");
  const [owner, setOwner] = useState(first);
  return (
    <>
      <OwnerSelect permission="skills:write" description="Where it counts" readOnly={readOnly} value={owner} onChange={setOwner} />
      <output>{check(owner) ?? "Fine"}</output>
    </>
  );
}

const field = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Belongs to" });
const verdict = () => screen.getByRole("status").textContent;
async function choices(): Promise<(string | null)[]> {
  await userEvent.click(field());
  return screen.getAllByRole("option", { hidden: true }).map((option) => option.textContent);
}

test("what somebody makes who acts in one place belongs there, and can belong nowhere else", async () => {
  show(<Form />, inOne);
  expect([field().value, verdict()]).toEqual(["OPS", "Fine"]);
  expect(await choices()).toEqual(["OPS"]);
});

test("who acts in several places has to choose one", async () => {
  show(<Form />, inTwo);
  expect([field().value, verdict()]).toEqual(["", "Choose one of the units and teams you act in"]);
  expect(await choices()).toEqual(["DEV", "OPS"]);
  await userEvent.click(screen.getByRole("option", { name: "DEV", hidden: true }));
  expect([field().value, verdict()]).toEqual(["DEV", "Fine"]);
});

test("who acts in the whole organization begins with it, and may choose any place", async () => {
  show(<Form />, everywhere);
  expect([field().value, verdict()]).toEqual(["The whole organization", "Fine"]);
  expect(await choices()).toEqual(["The whole organization", "OPS"]);
});

test("in an organization that is not divided nobody is asked", () => {
  show(<Form />, caller("skills:write"));
  expect(screen.queryByLabelText("Belongs to")).toBeNull();
});

test("whoever may not change something is told why, and others are told nothing", () => {
  show(<WhyReadOnly permission="skills:write" where={{ node: null }} />, inOne);
  expect(screen.getByRole("note").textContent).toBe(
    "You can read this, not change it. You hold skills:write in OPS only; this belongs to the whole organization.",
  );
  show(<div data-testid="free"><WhyReadOnly permission="skills:write" where={{ node: "ops" }} /></div>, inOne);
  expect(screen.getByTestId("free").textContent).toBe("");
});
