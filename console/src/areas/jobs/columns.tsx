import type { JobList } from "@/api/jobs";
import type { Job, JobProgress } from "@/api/types";
import { JsonBlock } from "@/ui/CodeBlock";
import type { Column } from "@/ui/DataTable";
import { Disclosure } from "@/ui/Disclosure";
import { formatCount } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { Time } from "@/ui/Time";
import { CancelJob } from "./CancelJob";
import { Name } from "./Name";
import { StateTag } from "./StateTag";
import { Until } from "./Until";
import classes from "./Jobs.module.css";

const what: Column<Job> = { key: "kind", title: "Job", cell: (job) => <What job={job} /> };
const queue: Column<Job> = { key: "queue", title: "Queue", width: 90, cell: (job) => <span className="mono dim">{job.queue}</span>, room: "some" };
const attempts: Column<Job> = { key: "attempt", title: "Attempts", width: 90, align: "right", cell: (job) => <span className="nowrap">{begun(job)}</span> };
const cancel: Column<Job> = { key: "cancel", title: "", width: 110, align: "right", cell: (job) => <CancelJob job={job} /> };

const when = (title: string, cell: Column<Job>["cell"]): Column<Job> => ({ key: "when", title, width: 110, align: "right", cell });
const due = when("Due", (job) => <Until at={job.run_at} />);

const COLUMNS: Record<JobList, Column<Job>[]> = {
  running: [what, queue, attempts, when("Since", (job) => <Time at={job.started_at ?? job.run_at} />), cancel],
  available: [what, queue, attempts, when("Due since", (job) => <Until at={job.run_at} />), cancel],
  scheduled: [what, queue, attempts, due, cancel],
  finished: [what, queue, { key: "state", title: "Outcome", width: 100, cell: (job) => <StateTag state={job.state} /> }, attempts, when("Ended", (job) => <Time at={job.finished_at} />)],
};

export const columnsOf = (state: JobList) => COLUMNS[state];

/** "2 of 20": attempts that were begun, of those that there may be. */
function begun({ attempt, max_attempts }: Job): string {
  return max_attempts ? `${attempt} of ${max_attempts}` : formatCount(attempt);
}

function What({ job }: { job: Job }) {
  return (
    <div className={classes.what}>
      <Name of={job.kind} />
      <div className={classes.meta}>
        <span className={classes.where}>queue <span className="mono">{job.queue}</span></span>
        {job.lane && <span>lane <span className="mono">{job.lane}</span></span>}
      </div>
      {job.progress && <Progress job={job} progress={job.progress} />}
      {job.last_error && <div className={classes.error}>Last error: {job.last_error}</div>}
      {job.result !== undefined && job.result !== null && (
        <Disclosure label="Result"><JsonBlock label={`Result of ${job.kind}`} value={job.result} maxHeight={320} /></Disclosure>
      )}
    </div>
  );
}

function Progress({ job, progress: { done, total, note } }: { job: Job; progress: JobProgress }) {
  return (
    <div className={classes.progress}>
      {total ? (
        <>
          <span>{formatCount(done)} of {formatCount(total)}</span>
          <Meter label={`Progress of ${job.kind}`} value={done} of={total} />
        </>
      ) : (
        <span>{formatCount(done)} done</span>
      )}
      {note && <span className="dim">{note}</span>}
    </div>
  );
}
