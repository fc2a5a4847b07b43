import { describe, expect, test } from "vitest";
import type { CronTask, Queue } from "@/api/types";
import { attemptsOf } from "./attempts";
import { effectOf } from "./cancelling";
import { isLate, totals, upTo } from "./counts";
import { parseLimit } from "./parse-limit";
import { inOrder, periodOf, tookOf } from "./periodic";
import { tabOf } from "./tabs";

const queue: Queue = { queue: "default", paused_at: null, concurrency: null, available: 3, scheduled: 2, running: 1, oldest_seconds: null };
const task: CronTask = { name: "a", period: 60, next_at: "2026-11-27T10:01:00Z", running_since: null, last_started_at: null, last_finished_at: null, last_outcome: null };

test("an address that names no tab shows the queues", () => {
  expect([undefined, "", "nothing", "dead"].map(tabOf)).toEqual(["queues", "queues", "queues", "dead"]);
});

describe("counts", () => {
  test("are told up to where the server counts", () => {
    expect([0, 9_999, 10_000, 12_000].map(upTo)).toEqual(["0", "9,999", "10,000+", "10,000+"]);
  });

  test("are summed over all queues", () => {
    expect(totals([queue, { ...queue, available: 9_999 }])).toEqual({ running: 2, available: 10_002, scheduled: 4 });
  });

  test("a queue is late when its oldest job has been due for more than a minute", () => {
    expect([null, 0.2, 60, 60.5].map((oldest_seconds) => isLate({ ...queue, oldest_seconds }))).toEqual([false, false, false, true]);
  });
});

test.each([
  ["", null],
  ["  ", null],
  ["1", 1],
  [" 1000 ", 1_000],
  ["0", undefined],
  ["1001", undefined],
  ["1.5", undefined],
  ["1e2", undefined],
  ["-3", undefined],
  ["many", undefined],
])("as a limit %j is %j", (text, expected) => {
  expect(parseLimit(text)).toBe(expected);
});

describe("what cancelling does", () => {
  test.each([
    ["execute_run", "running", /told to stop within a second.*ends as failed/],
    ["execute_run", "scheduled", /^It is not run\. .*ends as failed/],
    ["deliver", "available", /^It is not run\. The message is not sent/],
    ["of_a_newer_server", "available", /^It is not run\. What it was to do is left undone/],
  ])("to %s that is %s", (kind, state, expected) => {
    expect(effectOf({ kind, state })).toMatch(expected);
  });
});

describe("the attempts of a dead letter", () => {
  test("stand the last first, with their number and time", () => {
    expect(attemptsOf([{ at: "t1", attempt: 3, error: "refused" }, { at: "t2", attempt: 4, error: "gone" }])).toEqual([
      { number: 4, at: "t2", error: "gone" },
      { number: 3, at: "t1", error: "refused" },
    ]);
  });

  test("are shown in whatever shape a source keeps them", () => {
    expect(attemptsOf(["refused", { code: 7 }])).toEqual([
      { number: 2, at: undefined, error: '{"code":7}' },
      { number: 1, at: undefined, error: "refused" },
    ]);
    expect([null, {}, "refused"].map(attemptsOf)).toEqual([[], [], []]);
  });
});

describe("a periodic task", () => {
  test.each([
    [1, "every second"],
    [90, "every 90 seconds"],
    [60, "every minute"],
    [600, "every 10 minutes"],
    [3_600, "every hour"],
    [21_600, "every 6 hours"],
    [86_400, "every day"],
  ])("of %d seconds runs %s", (seconds, expected) => {
    expect(periodOf(seconds)).toBe(expected);
  });

  test("that failed stands before one at work, and that before the rest by name", () => {
    const tasks = [
      { ...task, name: "d", last_outcome: "succeeded" },
      { ...task, name: "c", running_since: "2026-11-27T10:00:00Z" },
      { ...task, name: "b", last_outcome: "lost" },
      task,
      { ...task, name: "e", last_outcome: "panicked" },
    ];
    expect(inOrder(tasks).map(({ name }) => name)).toEqual(["b", "e", "c", "a", "d"]);
  });

  test("took as long as its last turn, if that is over", () => {
    const over = { ...task, last_started_at: "2026-11-27T10:00:00Z", last_finished_at: "2026-11-27T10:00:04.5Z" };
    expect(tookOf(over)).toBe(4_500);
    expect(tookOf({ ...over, running_since: over.last_started_at })).toBeNull();
    expect(tookOf({ ...over, last_finished_at: "2026-11-27T09:59:00Z" })).toBeNull();
    expect(tookOf(task)).toBeNull();
  });
});
