import { randomUUID } from "node:crypto";
import { emit } from "./live.mjs";
import { named } from "./people.mjs";
import { crashSteps, runs, stepOf } from "./runs.mjs";

const STEP_MS = Number(process.env.MOCK_STEP_MS ?? 900);

/** Starts a new run that writes a step now and then, as a real one would. */
export function reprocess(issue, me) {
  const at = new Date().toISOString();
  const run = {
    id: randomUUID(), issue_id: issue.id, status: "running", mode: "rules", model: null, skill: crashSteps[0].metadata.matched && { id: crashSteps[0].metadata.matched.skill_id, name: crashSteps[0].metadata.matched.name },
    requested_by: me && named(me), error: null, tokens_in: 0, tokens_out: 0, cost_usd: 0, created_at: at, started_at: at, finished_at: null, output: null, steps: [],
  };
  runs.unshift(run);
  Object.assign(issue, { status: "analyzing", run_id: run.id, updated_at: at });
  emit("run.started.v1", "run", run.id, { subject_type: "issue", subject_id: issue.id });
  const write = (index) => {
    if (issue.erased_at) return undefined;
    run.steps.push(stepOf(run.id, crashSteps[index], index, new Date().toISOString()));
    emit("run.step_recorded.v1", "run", run.id, { subject_type: "issue", subject_id: issue.id, run_id: run.id });
    if (index + 1 < crashSteps.length) return setTimeout(write, STEP_MS, index + 1);
    return finish(issue, run);
  };
  setTimeout(write, STEP_MS, 0);
  return issue;
}

function finish(issue, run) {
  const output = crashSteps.at(-1).metadata;
  Object.assign(run, { status: "succeeded", finished_at: new Date().toISOString(), output });
  Object.assign(issue, { status: issue.status === "analyzing" ? "in_progress" : issue.status, is_real_issue: output.is_real_issue, ai_conclusion: output.summary, cause: output.cause, skill: run.skill, updated_at: run.finished_at });
  emit("run.concluded.v1", "run", run.id, { subject_type: "issue", subject_id: issue.id });
  emit("issue.concluded.v1", "issue", issue.id);
}
