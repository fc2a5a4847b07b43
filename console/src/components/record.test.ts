import { expect, test } from "vitest";
import type { HistoryLine } from "@/api/types";
import { historyFrom } from "./record";

function line(at: string, more: Partial<HistoryLine>): HistoryLine {
  return {
    id: at, action: "alert.changed", actor_type: "user", actor_name: "Ada", before: null, after: null, reason: null, occurred_at: at, ...more,
  };
}

const received = { what: "Received", at: "2026-11-21T08:00:00Z" };
const resolved = { what: "Resolved", at: "2026-11-21T09:00:00Z", who: "Ada", status: "resolved" };

test("without a change a thing tells what it knows itself", () => {
  expect(historyFrom([resolved, received], [])).toEqual([received, resolved]);
});

test("a change adds who, when and why, and what it tells is not told twice", () => {
  const change = line("2026-11-21T09:00:00Z", { before: { status: "open" }, after: { status: "resolved" }, reason: "Rolled back" });
  expect(historyFrom([received, resolved], [change])).toEqual([received, { ...resolved, reason: "Rolled back" }]);
});

test("a change of owner is no change of state", () => {
  const assigned = line("2026-11-21T08:30:00Z", { before: { assigned_to: null, status: "open" }, after: { assigned_to: "u1", status: "open" } });
  expect(historyFrom([received, resolved], [assigned]).map(({ what }) => what)).toEqual(["Received", "Assigned", "Resolved"]);
});
