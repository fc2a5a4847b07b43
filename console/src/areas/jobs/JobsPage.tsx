import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { jobQueries } from "@/api/jobs";
import { overviewQuery } from "@/api/platform";
import { Page } from "@/components/Page";
import { totals, upTo } from "./counts";
import { DeadLetters } from "./DeadLetters";
import { Jobs } from "./Jobs";
import { PausedQueues } from "./PausedQueues";
import { PeriodicTasks } from "./PeriodicTasks";
import { Queues } from "./Queues";
import { isList, type Tab, TAB_NAMES, tabOf, TABS } from "./tabs";
import classes from "./Jobs.module.css";

export function JobsPage() {
  return (
    <Page title="Jobs" permission="jobs:read">
      <JobTabs />
    </Page>
  );
}

/** How much there is behind a tab, where that is counted. */
function useCounts(): Partial<Record<Tab, number>> {
  const { data: queues } = useQuery(jobQueries.queues);
  const { data: overview } = useQuery(overviewQuery());
  return { ...(queues && totals(queues)), dead: overview?.dead_letters };
}

function JobTabs() {
  const search = useSearch({ from: "/app/jobs" });
  const navigate = useNavigate();
  const counts = useCounts();
  const tab = tabOf(search.tab);
  // The queue stays chosen from one list to the next.
  const show = (next: Tab) =>
    void navigate({ to: "/jobs", search: { tab: next === "queues" ? undefined : next, queue: isList(next) ? search.queue : undefined } });
  return (
    <Tabs value={tab} onChange={(next) => show(tabOf(next ?? undefined))} className={classes.tabs}>
      <Tabs.List aria-label="Parts of the queue">
        {TABS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {TAB_NAMES[one]}
            {counts[one] ? <span className={classes.count}> {upTo(counts[one])}</span> : null}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map((one) => (
        <Tabs.Panel key={one} value={one} pt="sm">
          {one !== "queues" && one !== "cron" && <PausedQueues />}
          <Panel tab={one} queue={search.queue} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Panel({ tab, queue }: { tab: Tab; queue: string | undefined }) {
  if (isList(tab)) return <Jobs key={tab} state={tab} queue={queue} />;
  if (tab === "dead") return <DeadLetters />;
  return tab === "cron" ? <PeriodicTasks /> : <Queues />;
}
