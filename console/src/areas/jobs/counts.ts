import type { Queue } from "@/api/types";
import { formatCount } from "@/ui/format";

/** The server counts no further. */
const MOST = 10_000;

/** "12", or "10,000+" for what was not counted to its end. */
export function upTo(count: number): string {
  return count >= MOST ? `${formatCount(MOST)}+` : formatCount(count);
}

/** How many jobs are where, in all queues. */
export function totals(queues: Queue[]): Record<"running" | "available" | "scheduled", number> {
  const sum = (key: "running" | "available" | "scheduled") => queues.reduce((total, queue) => total + queue[key], 0);
  return { running: sum("running"), available: sum("available"), scheduled: sum("scheduled") };
}

/** Whether the first of a queue's due jobs has been so for too long. */
export const isLate = ({ oldest_seconds }: Queue) => (oldest_seconds ?? 0) > 60;
