import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Setting } from "@/api/types";
import { caller, show } from "@/test/show";
import { SettingField } from "./SettingField";

const issues: Setting = {
  key: "issues.kept_days",
  title: "Closed issues",
  help: "Open issues are never removed.",
  unit: "days",
  schema: { type: ["integer", "null"], minimum: 7, maximum: 3650 } as unknown as Setting["schema"],
  default: null,
  value: 90,
  is_set: true,
  changed_at: "2026-11-01T00:00:00Z",
  changed_by: "Ada",
};

/** Answers every request with this; tells what was asked. */
function answering(status: number, body: unknown) {
  const asked: [string, string, unknown][] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.text();
    asked.push([request.method, new URL(request.url).pathname, text ? JSON.parse(text) : null]);
    return new Response(body === null ? null : JSON.stringify(body), { status });
  });
  return asked;
}

afterEach(() => void vi.unstubAllGlobals());

test("an emptied field keeps for ever, and what the server says against a number stands at its field", async () => {
  show(<SettingField setting={issues} />, caller("settings:read", "settings:write"));
  const field = screen.getByRole("textbox", { name: "Closed issues" });
  const detail = "must be a whole number from 7 to 3650, or null";
  const refused = answering(422, { code: "invalid_setting_value", title: "Invalid", status: 422, errors: [{ pointer: "/value", detail }] });
  await userEvent.clear(field);
  await userEvent.type(field, "3");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(detail);
  expect(refused).toEqual([["PUT", "/api/v1/settings/issues.kept_days", { value: 3 }]]);
  const taken = answering(200, { ...issues, value: null });
  await userEvent.clear(field);
  expect(screen.queryByText(detail)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await vi.waitFor(() => expect(taken).toEqual([["PUT", "/api/v1/settings/issues.kept_days", { value: null }]]));
});

test("a setting goes back to its default", async () => {
  const asked = answering(204, null);
  show(<SettingField setting={issues} />, caller("settings:read", "settings:write"));
  await userEvent.click(screen.getByRole("button", { name: "Default" }));
  await vi.waitFor(() => expect(asked).toEqual([["DELETE", "/api/v1/settings/issues.kept_days", null]]));
});

test("who may only read sees what is in force", () => {
  show(<SettingField setting={issues} />, caller("settings:read"));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Closed issues" }).disabled).toBe(true);
  expect(screen.queryByRole("button")).toBeNull();
});
