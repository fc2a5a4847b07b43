import { Button } from "@mantine/core";
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Where } from "@/api/rights";
import type { OrgNode } from "@/api/types";
import { caller, show } from "@/test/show";
import { Can } from "./Can";
import { whyNot } from "./whynot";

const button = (where?: Where) => (
  <Can permission="issues:write" where={where}>
    <Button>Resolve</Button>
  </Can>
);
const disabled = () => screen.getByRole<HTMLButtonElement>("button").disabled;
const inOps = { ...caller(), nodes: [{ id: "ops", name: "Ops", permissions: ["issues:write"] }] };

test("what the role allows can be used", () => {
  show(button(), caller("issues:write"));
  expect(disabled()).toBe(false);
});

test("what it does not allow is disabled", () => {
  show(button(), caller("issues:read"));
  expect(disabled()).toBe(true);
});

test.each<[Where | undefined, boolean]>([
  [undefined, false],
  ["everywhere", true],
  [{ node: "ops" }, false],
  [{ node: null }, true],
])("what is allowed at a node is disabled for %j: %s", (where, expected) => {
  show(button(where), inOps);
  expect(disabled()).toBe(expected);
});

test("the reason names the permission, where it is held, and whose the thing is", () => {
  const tree: OrgNode[] = [
    { id: "root", parent_id: null, kind: "org", slug: "acme", name: "Acme" },
    { id: "dev", parent_id: "root", kind: "team", slug: "dev", name: "Dev" },
  ];
  expect(whyNot(caller(), "issues:write", "anywhere", tree)).toBe("Your role lacks the permission issues:write");
  expect(whyNot(inOps, "issues:write", "everywhere", tree)).toBe("You hold issues:write in Ops only; this is for the whole organization");
  expect(whyNot(inOps, "issues:write", { node: "dev" }, tree)).toBe("You hold issues:write in Ops only; this belongs to Dev");
  expect(whyNot(inOps, "issues:write", { node: null }, tree)).toBe("You hold issues:write in Ops only; this belongs to the whole organization");
  expect(whyNot(inOps, "issues:write", { node: "ops" }, tree)).toBeNull();
});
