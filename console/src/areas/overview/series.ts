export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What the overview can look back over; the server takes 1 to 31 days. */
export const SPANS = [
  { value: "1", label: "24 h" },
  { value: "7", label: "7 d" },
  { value: "31", label: "31 d" },
];

/** The span that an address names, in days: a week unless it names one that is offered. */
export function spanOf(days: string | undefined): number {
  return Number(SPANS.find((span) => span.value === days)?.value ?? 7);
}

/**
 * A point for every step up to now, in UTC. The server leaves out the steps in which nothing happened; a chart
 * that left them out as well would show a calm week as a straight line between two busy hours.
 */
export function everyStep<Point extends { at: string }>(points: Point[], stepMs: number, steps: number, now: Date, empty: Omit<Point, "at">): Point[] {
  const start = (time: number) => Math.floor(time / stepMs) * stepMs;
  const known = new Map(points.map((point) => [start(Date.parse(point.at)), point]));
  const last = start(now.getTime());
  return Array.from({ length: steps }, (_, index) => {
    const time = last - (steps - 1 - index) * stepMs;
    return { ...empty, ...known.get(time), at: new Date(time).toISOString() } as Point;
  });
}

/** Hours gathered into the days, in UTC, that they belong to. */
export function perDay(hours: { at: string; count: number }[]): { at: string; count: number }[] {
  const days = new Map<string, number>();
  for (const { at, count } of hours) {
    const day = `${new Date(at).toISOString().slice(0, 10)}T00:00:00.000Z`;
    days.set(day, (days.get(day) ?? 0) + count);
  }
  return [...days].map(([at, count]) => ({ at, count }));
}
