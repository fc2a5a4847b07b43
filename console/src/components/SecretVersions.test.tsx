import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { caller, show } from "@/test/show";
import { confirm } from "@/ui/confirm";
import { ConfigurationVersions } from "./ConfigurationVersions";

vi.mock("@/ui/confirm", () => ({ confirm: vi.fn() }));

const KEY = { config_type: "general", config_key: "pager/key" };
const current = { version: 3, is_current: true, set_at: "2026-11-20T12:00:00Z", set_by: "u1", set_by_name: "Ada", until: null };
const earlier = { version: 2, is_current: false, set_at: "2026-11-01T12:00:00Z", set_by: null, set_by_name: null, until: "2026-11-27T12:00:00Z" };
const writer = caller("settings:read", "settings:write");

/** Answers with these versions; tells what was sent to change them. */
function serving(...items: unknown[]) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "GET") {
      const found = items.length > 0;
      return new Response(JSON.stringify(found ? { items } : { code: "not_found", status: 404, title: "Not found" }), { status: found ? 200 : 404 });
    }
    const text = await request.text();
    sent.push([request.method, new URL(request.url).pathname, text ? JSON.parse(text) : null]);
    return new Response(null, { status: 204 });
  });
  return sent;
}

beforeEach(() => vi.mocked(confirm).mockReset());
afterEach(() => void vi.unstubAllGlobals());

test("each version says when it was set and by whom, and an earlier one is used again", async () => {
  const sent = serving(current, earlier);
  show(<ConfigurationVersions of={KEY} />, writer);
  const rows = await screen.findAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^Version 3In useset .* by Ada$/),
    expect.stringMatching(/^Version 2set .* by a programerased .*Use this one again$/),
  ]);
  await userEvent.click(screen.getByRole("button", { name: "Use version 2 of pager/key again" }));
  expect(sent).toEqual([["POST", "/api/v1/configurations/general/pager%2Fkey/restore", { version: 2 }]]);
});

test("earlier versions are forgotten after a question", async () => {
  const sent = serving(current, earlier);
  show(<ConfigurationVersions of={KEY} />, writer);
  await userEvent.click(await screen.findByRole("button", { name: "Forget earlier" }));
  expect(sent).toEqual([]);
  const question = vi.mocked(confirm).mock.calls[0]?.[0];
  expect(question?.title).toBe("Forget 1 earlier version of pager/key?");
  question?.onConfirm();
  await vi.waitFor(() => expect(sent).toEqual([["POST", "/api/v1/configurations/general/pager%2Fkey/forget-earlier", null]]));
});

test("with one version there is nothing to do, and without the permission nothing that one may", async () => {
  serving(current);
  const { unmount } = show(<ConfigurationVersions of={KEY} />, writer);
  await screen.findByText("Version 3");
  expect(screen.queryByRole("button")).toBeNull();
  unmount();
  serving(current, earlier);
  show(<ConfigurationVersions of={KEY} />, caller("settings:read"));
  await screen.findByText("Version 2");
  for (const button of screen.getAllByRole<HTMLButtonElement>("button")) expect(button.disabled).toBe(true);
});

test("a secret that is not set says so", async () => {
  serving();
  show(<ConfigurationVersions of={KEY} />, writer);
  await screen.findByText("is not set");
});
