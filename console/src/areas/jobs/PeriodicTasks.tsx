import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { jobQueries } from "@/api/jobs";
import type { CronTask } from "@/api/types";
import { useNow } from "@/hooks/useNow";
import { type Column, DataTable } from "@/ui/DataTable";
import { formatDuration, humanize } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag, type Tone } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { Name } from "./Name";
import { inOrder, periodOf, tookOf } from "./periodic";
import { Until } from "./Until";
import classes from "./Jobs.module.css";

const TONES: Record<string, Tone> = { succeeded: "ok", failed: "critical", panicked: "critical", lost: "medium" };

const columns: Column<CronTask>[] = [
  { key: "name", title: "Task", cell: (task) => <Name of={task.name} /> },
  { key: "outcome", title: "Last outcome", width: 130, cell: (task) => <Outcome task={task} /> },
  { key: "period", title: "Period", width: 130, cell: (task) => <span className="dim">{periodOf(task.period)}</span>, room: "some" },
  { key: "took", title: "Took", width: 80, align: "right", cell: (task) => <Took task={task} />, room: "some" },
  { key: "started", title: "Last started", width: 110, align: "right", cell: (task) => <Time at={task.last_started_at} /> },
  { key: "next", title: "Next", width: 110, align: "right", cell: (task) => <Next task={task} /> },
];

/** What the server does by itself again and again. Every organization sees the same. */
export function PeriodicTasks() {
  const query = useQuery(jobQueries.cron);
  return (
    <Section title="What the server does by itself" aside={<span className="dim">Why one failed is in the server's log</span>} flush>
      <Loaded query={query}>
        {(tasks) => {
          if (tasks.length === 0) return <Empty icon={IconRefresh} title="No periodic tasks" />;
          return (
            <div className={classes.cron}>
              <DataTable label="Periodic tasks" columns={columns} rows={inOrder(tasks)} rowKey={(task) => task.name} />
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Outcome({ task: { last_outcome, running_since } }: { task: CronTask }) {
  return (
    <span className={classes.outcome}>
      {last_outcome ? <Tag tone={TONES[last_outcome] ?? "neutral"}>{humanize(last_outcome)}</Tag> : !running_since && <span className="dim">None yet</span>}
      {running_since && <Tag tone="accent" dot="pulse">At work</Tag>}
    </span>
  );
}

function Took({ task }: { task: CronTask }) {
  const took = tookOf(task);
  return took === null ? <span className="dim">–</span> : formatDuration(took);
}

/** One whose time has come begins at the next look, or when the turn before it is over. */
function Next({ task: { next_at, running_since } }: { task: CronTask }) {
  if (new Date(next_at) > useNow()) return <Until at={next_at} />;
  return <span>{running_since ? "after this one" : "due"}</span>;
}
