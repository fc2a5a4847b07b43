import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { Queue } from "@/api/types";
import { caller, show } from "@/test/show";
import { Queues } from "./Queues";

vi.mock("@tanstack/react-router", () => ({
  Link: ({ children, search }: { children: ReactNode; search: Record<string, string> }) => <a href={`?${new URLSearchParams(search)}`}>{children}</a>,
}));

const notify: Queue = { queue: "notify", paused_at: null, concurrency: null, available: 10_000, scheduled: 0, running: 2, oldest_seconds: 95 };
const reader = caller("jobs:read");
const writer = caller("jobs:read", "jobs:write");

/** A server with one queue, which it changes as it is told; tells what it was told. */
function serving(first: Queue) {
  const asked: unknown[] = [];
  let queue = first;
  vi.stubGlobal("fetch", async (request: Request) => {
    if (request.method === "GET") return Response.json({ items: [queue], next_cursor: null });
    const change = (await request.json()) as { paused?: boolean; concurrency?: number | null };
    asked.push([request.method, new URL(request.url).pathname, change]);
    const paused_at = change.paused === undefined ? queue.paused_at : change.paused ? new Date().toISOString() : null;
    queue = { ...queue, paused_at, ...("concurrency" in change && { concurrency: change.concurrency }) };
    return Response.json(queue);
  });
  return asked;
}

const row = () => screen.findByRole("row", { name: /notify/ });
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });

/** Opens the form of what has the focus, and types into it. */
async function edited(keys: string): Promise<void> {
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole("textbox")));
  await userEvent.keyboard(keys);
}

afterEach(() => void vi.unstubAllGlobals());

test("a queue shows what is in it, and that its oldest job is late in words too", async () => {
  serving({ ...notify, concurrency: 5 });
  show(<Queues />, reader);
  const shown = within(await row());
  shown.getByText("10,000+");
  expect((await row()).textContent).toContain("oldest 1m 35s");
  shown.getByRole("img", { name: "Late:" });
  shown.getByText("of 5");
  expect(shown.getByRole("link", { name: "2" }).getAttribute("href")).toBe("?tab=running&queue=notify");
});

test("one button pauses a queue and lets it go on", async () => {
  const asked = serving(notify);
  show(<Queues />, writer);
  await row();
  await userEvent.click(button("Pause notify"));
  await screen.findByText("Paused");
  await userEvent.click(button("Resume notify"));
  await screen.findByRole("button", { name: "Pause notify" });
  const path = "/api/v1/jobs/queues/notify";
  expect(asked).toEqual([["PATCH", path, { paused: true }], ["PATCH", path, { paused: false }]]);
});

test("a limit is set and taken away by keyboard alone, and the focus comes back to where it was", async () => {
  const asked = serving(notify);
  show(<Queues />, writer);
  await row();
  const edit = "Edit the limit of notify";
  const closed = () => vi.waitFor(() => expect(document.activeElement).toBe(button(edit)));
  button(edit).focus();
  await edited("0{Enter}");
  screen.getByText(/^Enter a whole number from 1 to 1,000/);
  expect(asked).toEqual([]);
  await userEvent.keyboard("{Backspace}7{Enter}");
  await screen.findByText("of 7");
  await closed();
  await edited("{Backspace}{Enter}");
  await screen.findByText("none");
  await closed();
  await edited("9{Escape}");
  await closed();
  screen.getByText("none");
  expect(asked.map((one) => (one as unknown[])[2])).toEqual([{ concurrency: 7 }, { concurrency: null }]);
});

test("who may only read sees the limit and cannot pause", async () => {
  serving({ ...notify, paused_at: "2026-11-27T10:00:00Z" });
  show(<Queues />, reader);
  await row();
  screen.getByText("none");
  expect(screen.queryByRole("button", { name: /^Edit/ })).toBeNull();
  expect(button("Resume notify").disabled).toBe(true);
});
