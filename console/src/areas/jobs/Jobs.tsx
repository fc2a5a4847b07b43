import { Stack } from "@mantine/core";
import { IconCalendarTime, IconCircleCheck, IconHourglass, IconPlayerPlay, type IconProps } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { type JobList, jobQueries } from "@/api/jobs";
import { rowsOf, withoutEmpty } from "@/api/paging";
import { FilterBar, FilterOne } from "@/components/Filters";
import { NoMatch } from "@/components/NoMatch";
import { DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { columnsOf } from "./columns";
import { TAB_NAMES } from "./tabs";

interface Words {
  title: string;
  icon: ComponentType<IconProps>;
  empty: string;
  /** Why that may be. */
  because: string;
}

const WORDS: Record<JobList, Words> = {
  running: { title: "At work now", icon: IconPlayerPlay, empty: "Nothing runs", because: "What is due begins within a second, and is often done by then." },
  available: { title: "Due, the next first", icon: IconHourglass, empty: "Nothing waits", because: "What is due stands here until there is room for it." },
  scheduled: { title: "With a time, the next first", icon: IconCalendarTime, empty: "Nothing is scheduled", because: "Jobs with a time stand here, and those without a lane that wait for their next attempt." },
  finished: {
    title: "Ended, the latest first",
    icon: IconCircleCheck,
    empty: "Nothing is kept",
    because: "Jobs that somebody cancelled or ran again are kept for a while, and results that were asked for. All others leave when they are done.",
  },
};

/** The jobs that are in one state, of all queues or one. */
export function Jobs({ state, queue }: { state: JobList; queue: string | undefined }) {
  const navigate = useNavigate();
  const { data: queues } = useQuery(jobQueries.queues);
  const query = useInfiniteQuery(jobQueries.list({ state, ...withoutEmpty({ queue }) }));
  const choose = (queue: string | undefined) => void navigate({ to: "/jobs", search: { tab: state, queue }, replace: true });
  const names = new Set([...(queues ?? []).map((one) => one.queue), ...(queue ? [queue] : [])]);
  const choices = [{ value: "", label: "All queues" }, ...[...names].map((name) => ({ value: name, label: name }))];
  const { title, icon, empty, because } = WORDS[state];
  return (
    <Stack gap="sm">
      <FilterBar search={<FilterOne label="Queue" value={queue} choices={choices} onChange={choose} width={160} />} />
      <Section title={title} flush>
        <Loaded query={query}>
          {(data) => {
            const jobs = rowsOf(data, (job) => job.id);
            if (jobs.length > 0) return <DataTable label={`${TAB_NAMES[state]} jobs`} columns={columnsOf(state)} rows={jobs} rowKey={(job) => job.id} more={query} />;
            if (queue) return <NoMatch what="job" q={undefined} onClear={() => choose(undefined)} />;
            return <Empty icon={icon} title={empty}>{because}</Empty>;
          }}
        </Loaded>
      </Section>
    </Stack>
  );
}
