import { Button } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause, IconPlayerPlay, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type JobList, jobQueries, useChangeQueue } from "@/api/jobs";
import type { Queue } from "@/api/types";
import { Can } from "@/components/Can";
import { type Column, DataTable } from "@/ui/DataTable";
import { formatCount, formatDuration } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { isLate, upTo } from "./counts";
import { Limit } from "./Limit";
import { Name } from "./Name";
import classes from "./Jobs.module.css";

const columns: Column<Queue>[] = [
  { key: "queue", title: "Queue", cell: (queue) => <Title queue={queue} /> },
  { key: "running", title: "Running", width: 90, align: "right", cell: (queue) => <Running queue={queue} /> },
  { key: "due", title: "Due", width: 200, align: "right", cell: (queue) => <Due queue={queue} /> },
  { key: "scheduled", title: "Scheduled", width: 90, align: "right", cell: (queue) => <Count queue={queue} of="scheduled" /> },
  { key: "limit", title: "Limit", width: 150, align: "right", cell: (queue) => <Limit queue={queue} /> },
  { key: "pause", title: "", width: 100, align: "right", cell: (queue) => <Pause queue={queue} /> },
];

/** The queues of the organization: how much is in each, and how it is served. */
export function Queues() {
  const query = useQuery(jobQueries.queues);
  return (
    <Section title="What waits and runs" flush>
      <Loaded query={query}>
        {(queues) => {
          if (queues.length === 0) return <Empty icon={IconStack2} title="No queues">This server works on none.</Empty>;
          return (
            <div className={classes.queues}>
              <DataTable label="Queues" columns={columns} rows={queues} rowKey={(queue) => queue.queue} />
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

/** A number, and the way to the jobs that it counts. */
function Count({ queue, of }: { queue: Queue; of: Exclude<JobList, "finished"> }) {
  const count = queue[of];
  if (count === 0) return <span className="dim">0</span>;
  return <Link to="/jobs" search={{ tab: of, queue: queue.queue }} className={classes.number}>{upTo(count)}</Link>;
}

function Running({ queue }: { queue: Queue }) {
  const { concurrency: limit } = queue;
  if (!limit) return <Count queue={queue} of="running" />;
  return (
    <span className={classes.running}>
      <span><Count queue={queue} of="running" /> <span className="dim">of {formatCount(limit)}</span></span>
      <span className={classes.meter}><Meter label={`Running in ${queue.queue}`} value={queue.running} of={limit} /></span>
    </span>
  );
}

function Due({ queue }: { queue: Queue }) {
  const seconds = queue.oldest_seconds ?? 0;
  return (
    <span className={classes.due}>
      <Count queue={queue} of="available" />
      {queue.available > 0 && seconds >= 1 && (
        <span className={isLate(queue) ? classes.late : "dim nowrap"}>
          {isLate(queue) && <IconAlertTriangle size={13} role="img" aria-label="Late:" />}
          <span><span className={classes.oldest}>oldest </span>{formatDuration(seconds * 1_000)}</span>
        </span>
      )}
    </span>
  );
}

function Title({ queue: { queue, paused_at } }: { queue: Queue }) {
  return (
    <span className={classes.queue}>
      <Name of={queue} />
      {paused_at && (
        <span className={classes.paused}>
          <Tag tone="medium"><IconPlayerPause size={12} />Paused</Tag> <span className="dim"><Time at={paused_at} /></span>
        </span>
      )}
    </span>
  );
}

/** Nothing is lost by pausing, and the same button lets the queue go on: it does not ask. */
function Pause({ queue: { queue, paused_at } }: { queue: Queue }) {
  const change = useChangeQueue(queue);
  const paused = Boolean(paused_at);
  const toggle = () =>
    change.mutate({ paused: !paused }, { onError: (error) => notifyFailure(paused ? "The queue was not resumed" : "The queue was not paused", error) });
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Can permission="jobs:write">
      <Button
        variant={paused ? "filled" : "default"}
        size="compact-xs"
        leftSection={<Icon size={12} />}
        aria-label={`${paused ? "Resume" : "Pause"} ${queue}`}
        aria-busy={change.isPending}
        onClick={toggle}
      >
        {paused ? "Resume" : "Pause"}
      </Button>
    </Can>
  );
}
