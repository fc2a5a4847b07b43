import { screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Setting } from "@/api/types";
import { caller, show } from "@/test/show";
import { OrganizationSettings } from "./OrganizationSettings";

vi.mock("@tanstack/react-router", () => ({ useBlocker: () => {} }));

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
  etag: '"0"',
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
  expect((await within(kept).findAllByRole("listitem")).length).toBe(1);
  expect(within(kept).getByText("For ever")).toBeDefined();
  const others = within(screen.getByRole("region", { name: "Other settings" }));
  expect(others.getByText("3 runs")).toBeDefined();
  expect(others.getByText("None")).toBeDefined();
});

test("times stand by what they are about, and what is about something new comes last", async () => {
  const keys = ["alerts.kept_days", "audit.kept_days", "issues.kept_days", "spells.kept_days", "tokens.kept_days"];
  declared(...keys.map((key) => setting(key, key, "days", ["integer"])));
  const kept = await screen.findByRole("region", { name: "Data retention" });
  await within(kept).findAllByRole("listitem");
  expect(within(kept).getAllByRole("heading", { level: 3 }).map((one) => one.textContent)).toEqual(["Alerts and issues", "People and access", "Record", "Others"]);
  const rows = within(kept).getByRole("list", { name: "Alerts and issues" });
  expect(within(rows).getAllByRole("listitem").map((one) => one.getAttribute("aria-label"))).toEqual(["issues.kept_days", "alerts.kept_days"]);
});

test("where all settings are about retention there is no empty section", async () => {
  declared(setting("issues.kept_days", "Closed issues", "days", ["integer", "null"]));
  await screen.findByText("Closed issues");
  expect(screen.queryByText("Other settings")).toBeNull();
});
