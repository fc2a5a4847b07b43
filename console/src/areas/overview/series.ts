export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

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
