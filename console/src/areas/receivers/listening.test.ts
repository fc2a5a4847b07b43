import { expect, test } from "vitest";
import { endsNextDay, hoursOf } from "./listening";

const hours = (weekdays: number[], from = "09:00", to = "18:00") => ({ time_zone: "UTC", weekdays, from, to });

test.each([
  [[1, 2, 3, 4, 5], "Mon–Fri 09:00–18:00"],
  [[7, 6], "Sat, Sun 09:00–18:00"],
  [[1, 3, 5, 6, 7], "Mon, Wed, Fri–Sun 09:00–18:00"],
])("days that follow each other are told as one span: %j", (weekdays, text) => expect(hoursOf(hours(weekdays))).toBe(text));

test.each([
  ["22:00", "06:00", true],
  ["09:00", "09:00", true],
  ["09:00", "18:00", false],
  ["09:00", "", false],
])("hours from %s to %s: end on the next day: %s", (from, to, ends) => expect(endsNextDay(hours([1], from, to))).toBe(ends));
