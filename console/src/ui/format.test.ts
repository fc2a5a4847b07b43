import { describe, expect, test } from "vitest";
import { formatAbsolute, formatDuration, formatRelative, humanize, plural } from "./format";

const now = new Date("2026-11-21T12:00:00Z");

describe("relative times", () => {
  test.each([
    ["2026-11-21T11:59:30Z", "just now"],
    ["2026-11-21T12:00:20Z", "just now"],
    ["2026-11-21T11:59:00Z", "1m ago"],
    ["2026-11-21T10:30:00Z", "1h ago"],
    ["2026-11-14T12:00:00Z", "7d ago"],
    ["2026-11-24T12:00:00Z", "in 3d"],
    ["2025-11-21T12:00:00Z", "1y ago"],
    ["not a time", ""],
  ])("%s is %s", (time, expected) => {
    expect(formatRelative(time, now)).toBe(expected);
  });

  test("the exact time names its zone", () => {
    expect(formatAbsolute("2026-11-21T12:00:00Z", "UTC")).toMatch(/21 Nov 2026.*12:00:00 UTC/);
  });
});

test.each([
  [4, "4 ms"],
  [850.4, "850 ms"],
  [4_230, "4.2 s"],
  [42_000, "42 s"],
  [200_000, "3m 20s"],
  [7_500_000, "2h 5m"],
])("%d milliseconds are %s", (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test("codes and counts become words", () => {
  expect(humanize("false_positive")).toBe("False positive");
  expect(plural(1, "alert")).toBe("1 alert");
  expect(plural(1_200, "alert")).toBe("1,200 alerts");
});
