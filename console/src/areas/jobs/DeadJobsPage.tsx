import { Button, Text } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { deadJobsQuery, useReplayJob } from "@/api/platform";
import { usePermission } from "@/api/rights";
import type { DeadJob } from "@/api/types";
import { Can } from "@/components/Can";
import { Page } from "@/components/Page";
import { type Column, DataTable } from "@/ui/DataTable";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { lastError } from "./errors";

const columns: Column<DeadJob>[] = [
  {
    key: "kind",
    title: "Job",
    cell: (job) => (
      <div style={{ minWidth: 180 }}>
        <span className="mono">{job.kind}</span>
        <div style={{ color: "var(--st-critical)", overflowWrap: "anywhere" }}>{lastError(job.errors)}</div>
      </div>
    ),
  },
  { key: "attempt", title: "Attempts", width: 80, align: "right", cell: (job) => job.attempt, optional: true },
  { key: "died", title: "Gave up", width: 100, cell: (job) => <span className="dim"><Time at={job.finished_at ?? job.created_at} /></span> },
  { key: "replay", title: "", width: 110, align: "right", cell: (job) => <Replay job={job} /> },
];

export function DeadJobsPage() {
  const query = useInfiniteQuery({ ...deadJobsQuery, enabled: usePermission("jobs:read") });
  return (
    <Page title="Dead jobs" permission="jobs:read">
      <Section title="Work that was given up" aside={<Text c="dimmed">Until somebody runs it again</Text>} flush>
        <Loaded query={query}>
          {(data) => {
            const jobs = rowsOf(data, (job) => job.id);
            if (jobs.length === 0) return <Empty icon={IconMoodSmile} title="No job is dead">Everything that was accepted has been done or is under way.</Empty>;
            return <DataTable label="Dead jobs" columns={columns} rows={jobs} rowKey={(job) => job.id} more={query} />;
          }}
        </Loaded>
      </Section>
    </Page>
  );
}

function Replay({ job }: { job: DeadJob }) {
  const replay = useReplayJob();
  if (job.replayed_at) return <Tag tone="neutral">Replayed</Tag>;
  const again = () =>
    replay.mutate(job.id, {
      onSuccess: () => notifyDone("The job runs again"),
      onError: (error) => notifyFailure("The job was not replayed", error),
    });
  return (
    <Can permission="jobs:write">
      <Button variant="default" size="compact-xs" loading={replay.isPending} onClick={again}>Run again</Button>
    </Can>
  );
}
