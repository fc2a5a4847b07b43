import type { CronTask } from "@/api/types";

const UNITS: [string, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** "every hour", "every 10 minutes". */
export function periodOf(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size && seconds % size === 0) ?? ["second", 1];
  const count = seconds / size;
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

const FAILED = new Set(["failed", "panicked", "lost"]);

const hasFailed = ({ last_outcome }: CronTask) => FAILED.has(last_outcome ?? "");

const rank = (task: CronTask) => (hasFailed(task) ? 0 : task.running_since ? 1 : 2);

/** Those that failed first, then those at work, then by name. */
export function inOrder(tasks: CronTask[]): CronTask[] {
  return tasks.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** How long the last turn that is over took, in milliseconds; null while one is going on, or before the first. */
export function tookOf({ running_since, last_started_at, last_finished_at }: CronTask): number | null {
  if (running_since || !last_started_at || !last_finished_at) return null;
  const took = new Date(last_finished_at).getTime() - new Date(last_started_at).getTime();
  return took >= 0 ? took : null;
}
