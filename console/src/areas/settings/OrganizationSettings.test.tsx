import { screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Setting } from "@/api/types";
import { caller, show } from "@/test/show";
import { OrganizationSettings } from "./OrganizationSettings";

const setting = (key: string, title: string, unit: string, type: string[]): Setting => ({
  key,
  title,
  help: "What follows.",
  unit,
  schema: { type, minimum: 1, maximum: 9 } as unknown as Setting["schema"],
  default: type.includes("null") ? null : 3,
  value: type.includes("null") ? null : 3,
  is_set: false,
  changed_at: null,
  changed_by: null,
});

/** Draws what is declared as somebody who may change it. */
function declared(...items: Setting[]) {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ items, next_cursor: null })));
  show(<OrganizationSettings />, caller("settings:read", "settings:write"));
}

afterEach(() => void vi.unstubAllGlobals());

test("a setting that the console was never told of is shown, by what its schema says", async () => {
  declared(
    setting("issues.kept_days", "Closed issues", "days", ["integer", "null"]),
    setting("runs.at_once", "Runs at once", "runs", ["integer"]),
    setting("runs.queued", "Waiting runs", "runs", ["integer", "null"]),
  );
  const kept = await screen.findByRole("region", { name: "Data retention" });
  expect((await within(kept).findAllByRole("textbox")).length).toBe(1);
  expect(within(kept).getByPlaceholderText("For ever")).toBeDefined();
  const others = within(screen.getByRole("region", { name: "Other settings" }));
  expect(others.getByRole<HTMLInputElement>("textbox", { name: "Runs at once" }).value).toBe("3 runs");
  expect(others.getByRole("textbox", { name: "Waiting runs" }).getAttribute("placeholder")).toBe("None");
  expect(others.getByText("Default: none.")).toBeDefined();
});

test("where all settings are about retention there is no empty section", async () => {
  declared(setting("issues.kept_days", "Closed issues", "days", ["integer", "null"]));
  await screen.findByRole("textbox", { name: "Closed issues" });
  expect(screen.queryByText("Other settings")).toBeNull();
});
