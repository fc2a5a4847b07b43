import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Setting } from "@/api/types";
import { caller, show } from "@/test/show";
import { confirm } from "@/ui/confirm";
import { SettingRow } from "./SettingRow";

vi.mock("@/ui/confirm", () => ({ confirm: vi.fn() }));
const blocked = vi.hoisted(() => ({ now: false }));
vi.mock("@tanstack/react-router", () => ({
  useBlocker: ({ enableBeforeUnload }: { enableBeforeUnload: boolean }) => void (blocked.now = enableBeforeUnload),
}));

const issues: Setting = {
  key: "issues.kept_days",
  title: "Closed issues",
  help: "Counted from the last change. Open issues are never removed.",
  unit: "days",
  schema: { type: ["integer", "null"], minimum: 7, maximum: 3650 } as unknown as Setting["schema"],
  default: null,
  value: 90,
  is_set: true,
  changed_at: "2026-11-01T00:00:00Z",
  changed_by: "Ada",
  etag: '"1"',
};
const kept = { ...issues, value: null, is_set: false, changed_at: null, changed_by: null };
const writer = caller("settings:read", "settings:write");

/** Answers requests one after the other; tells what was asked, and with which tag. */
function answering(...answers: [number, unknown][]) {
  const asked: unknown[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    asked.push([request.method, pathname.replace("/api/v1/settings", "") + search, text ? JSON.parse(text) : null, request.headers.get("If-Match")]);
    const [status, body] = answers.shift() ?? [500, null];
    return new Response(body === null ? null : JSON.stringify(body), { status });
  });
  return asked;
}

const edit = async (setting: Setting) => {
  show(<SettingRow setting={setting} />, writer);
  await userEvent.click(screen.getByRole("button", { name: "Edit Closed issues" }));
  return screen.getByRole<HTMLInputElement>("textbox", { name: "Closed issues, in days" });
};
const type = async (field: HTMLInputElement, text: string) => {
  await userEvent.clear(field);
  await userEvent.type(field, text);
};
const save = () => userEvent.click(screen.getByRole("button", { name: "Save" }));

beforeEach(() => vi.mocked(confirm).mockReset());
afterEach(() => void vi.unstubAllGlobals());

test("what is typed stays as it was typed, and what is no whole number within the bounds is refused at the field", async () => {
  const asked = answering();
  const field = await edit(issues);
  for (const text of ["1.5", "1e3", "-3", "6", "3651", "forty"]) {
    await type(field, text);
    await userEvent.keyboard("{Enter}");
    expect(field.value).toBe(text);
    screen.getByText("Enter a whole number from 7 to 3650, or choose “For ever”");
  }
  await userEvent.clear(field);
  await save();
  screen.getByText("Enter a whole number from 7 to 3650, or choose “For ever”");
  expect(asked).toEqual([]);
});

test("from for ever no key leads to a number that nobody typed", async () => {
  const asked = answering();
  const field = await edit(kept);
  await userEvent.click(field);
  await userEvent.keyboard("{ArrowUp}{ArrowDown}{PageUp}");
  expect(field.value).toBe("");
  await save();
  expect(asked).toEqual([]);
});

test("a shorter time asks first, with what would go and since when", async () => {
  const over = { over: { count: 1204, oldest: "2025-03-03T12:00:00Z" } };
  const asked = answering([200, over], [200, { ...issues, value: 30 }]);
  await type(await edit(issues), "30");
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(confirm).toHaveBeenCalledOnce());
  expect(asked).toEqual([["GET", "/issues.kept_days/preview?value=30", null, null]]);
  const question = vi.mocked(confirm).mock.calls[0]![0];
  show(question.body);
  screen.getByText("1,204 of them, the oldest of 3 Mar 2025, go within the hour. That cannot be undone.");
  expect([question.title, question.action]).toEqual(["Closed issues: keep 30 days only?", "Keep 30 days"]);
  question.onConfirm();
  await vi.waitFor(() => expect(asked[1]).toEqual(["PUT", "/issues.kept_days", { value: 30 }, '"1"']));
});

test("a longer time is saved at once, if the setting is still what was seen", async () => {
  const asked = answering([200, { ...issues, value: 400 }]);
  await type(await edit(issues), "400");
  await save();
  await vi.waitFor(() => expect(asked).toEqual([["PUT", "/issues.kept_days", { value: 400 }, '"1"']]));
  expect(confirm).not.toHaveBeenCalled();
});

test("where what would go cannot be told, a shorter time asks all the same", async () => {
  answering([503, null]);
  await type(await edit(kept), "30");
  await save();
  await vi.waitFor(() => expect(confirm).toHaveBeenCalledOnce());
  show(vi.mocked(confirm).mock.calls[0]![0].body);
  screen.getByText("What is older goes within the hour. That cannot be undone.");
});

test("what somebody else set meanwhile is shown beside what was typed, and is replaced only when that is asked for", async () => {
  const problem = { code: "changed_meanwhile", title: "Changed", status: 412, type: "", detail: "" };
  const asked = answering([412, problem], [200, { ...issues, value: 400 }]);
  const field = await edit(issues);
  await type(field, "400");
  await save();
  await screen.findByText("Ada changed it meanwhile");
  expect(field.value).toBe("400");
  await userEvent.click(screen.getByRole("button", { name: "Replace theirs" }));
  await vi.waitFor(() => expect(asked.at(-1)).toEqual(["PUT", "/issues.kept_days", { value: 400 }, null]));
});

test("what the server says against a number stands at its field", async () => {
  const detail = "must be a whole number from 500 to 3650";
  answering([422, { code: "invalid_setting_value", title: "Invalid", status: 422, errors: [{ pointer: "/value", detail }] }]);
  await type(await edit(issues), "400");
  await save();
  await screen.findByText("Must be a whole number from 500 to 3650");
});

test("escape brings back what is stored, and the focus to the row; what is typed and not saved is asked about", async () => {
  const field = await edit(issues);
  expect(blocked.now).toBe(false);
  await type(field, "30");
  expect(blocked.now).toBe(true);
  await userEvent.keyboard("{Escape}");
  screen.getByText("90 days");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit Closed issues" }));
});

test("a setting goes back to its default", async () => {
  const asked = answering([204, null]);
  await edit(issues);
  await userEvent.click(screen.getByRole("button", { name: "Back to the default (for ever)" }));
  await vi.waitFor(() => expect(asked).toEqual([["DELETE", "/issues.kept_days", null, '"1"']]));
});

test("who may only read sees what is in force and all that is said about it", () => {
  show(<SettingRow setting={kept} />, caller("settings:read"));
  screen.getByText("For ever");
  screen.getByText("default");
  screen.getByText(/Open issues are never removed/);
  expect(screen.queryByRole("button")).toBeNull();
});
