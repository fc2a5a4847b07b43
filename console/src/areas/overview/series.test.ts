import { expect, test } from "vitest";
import { DAY_MS, everyStep, HOUR_MS, perDay, spanOf } from "./series";

const now = new Date("2026-11-21T12:34:00Z");

test("hours in which nothing came in are there with nothing in them", () => {
  const hours = everyStep([{ at: "2026-11-21T10:00:00Z", count: 3 }], HOUR_MS, 4, now, { count: 0 });
  expect(hours).toEqual([
    { at: "2026-11-21T09:00:00.000Z", count: 0 },
    { at: "2026-11-21T10:00:00.000Z", count: 3 },
    { at: "2026-11-21T11:00:00.000Z", count: 0 },
    { at: "2026-11-21T12:00:00.000Z", count: 0 },
  ]);
});

test("a day is found by any time in it", () => {
  const days = everyStep([{ at: "2026-11-20T17:00:00Z", real: 2 }], DAY_MS, 2, now, { real: 0 });
  expect(days.map((day) => day.real)).toEqual([2, 0]);
});

test("what lies before the span is left out", () => {
  expect(everyStep([{ at: "2020-01-01T00:00:00Z", count: 9 }], HOUR_MS, 2, now, { count: 0 }).map((hour) => hour.count)).toEqual([0, 0]);
});

test("hours are gathered into days", () => {
  const hours = [{ at: "2026-11-20T23:00:00Z", count: 1 }, { at: "2026-11-21T00:00:00Z", count: 2 }, { at: "2026-11-21T09:00:00Z", count: 3 }];
  expect(perDay(hours)).toEqual([{ at: "2026-11-20T00:00:00.000Z", count: 1 }, { at: "2026-11-21T00:00:00.000Z", count: 5 }]);
});

test.each([[undefined, 7], ["1", 1], ["31", 31], ["400", 7], ["x", 7]])("the span %s is %d days", (text, days) => {
  expect(spanOf(text)).toBe(days);
});
