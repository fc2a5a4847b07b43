import type { JobList } from "@/api/jobs";

export const TABS = ["queues", "running", "available", "scheduled", "finished", "dead", "cron"] as const;
export type Tab = (typeof TABS)[number];

export const TAB_NAMES: Record<Tab, string> = {
  queues: "Queues",
  running: "Running",
  available: "Waiting",
  scheduled: "Scheduled",
  finished: "Finished",
  dead: "Dead letters",
  cron: "Periodic tasks",
};

/** The tab that an address names; the first where it names none that there is. */
export function tabOf(text: string | undefined): Tab {
  return TABS.find((tab) => tab === text) ?? "queues";
}

const LISTS: readonly string[] = ["running", "available", "scheduled", "finished"] satisfies JobList[];

/** Whether a tab lists jobs, which can be narrowed to a queue. */
export const isList = (tab: Tab): tab is JobList => LISTS.includes(tab);
