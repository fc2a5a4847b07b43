import type { Receiver, ReceiverHours } from "@/api/types";

/** The least severity that a receiver hears of. */
export const SEVERITIES = [
  { value: "low", label: "All issues" },
  { value: "medium", label: "Medium and above" },
  { value: "high", label: "High and above" },
  { value: "critical", label: "Critical only" },
];
export const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** What a receiver hears of: "Critical only". */
export function severitiesOf({ min_severity }: Receiver): string {
  return SEVERITIES.find((one) => one.value === min_severity)?.label ?? min_severity;
}

/** "Mon–Fri 09:00–18:00"; the time zone is left to whoever has room for it. */
export function hoursOf({ weekdays, from, to }: ReceiverHours): string {
  return `${daysOf(weekdays)} ${from}–${to}`;
}

/** Three days or more that follow each other are told by the first and the last. */
function daysOf(weekdays: number[]): string {
  const runs: number[][] = [];
  for (const day of weekdays.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => run.map((day) => DAYS[day - 1])).map((run) => (run.length > 2 ? `${run[0]}–${run.at(-1)}` : run.join(", "))).join(", ");
}

/** Hours that do not end after they begin last until the next day. */
export function endsNextDay({ from, to }: ReceiverHours): boolean {
  return from !== "" && to !== "" && to <= from;
}
