export const ALERT_STATUSES = ["open", "investigating", "resolved", "false_positive", "ignored"];
export const SEVERITIES = ["critical", "high", "medium", "low"];

const HOUR_MS = 3_600_000;

export const SINCE_CHOICES = [
  { value: "", label: "Any time" },
  { value: "1", label: "Last hour" },
  { value: "24", label: "Last day" },
  { value: "168", label: "Last week" },
];

/** The start of a span that ends now, cut to the minute so that the address stays readable. */
export function sinceTime(hours: string, now: Date): string | undefined {
  if (!hours) return undefined;
  const start = new Date(now.getTime() - Number(hours) * HOUR_MS);
  start.setUTCSeconds(0, 0);
  return start.toISOString().replace(".000Z", "Z");
}

/** The smallest choice that covers the given start. */
export function sinceChoice(since: string | undefined, now: Date): string {
  const start = since ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(start)) return "";
  const hours = (now.getTime() - start) / HOUR_MS;
  // A minute of grace: the start was cut to the minute.
  const choice = SINCE_CHOICES.find(({ value }) => value !== "" && hours <= Number(value) + 1 / 30);
  return choice?.value ?? "168";
}
