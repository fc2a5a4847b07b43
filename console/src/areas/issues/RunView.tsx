import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { issueQueries } from "@/api/issues";
import type { Run, RunDetail } from "@/api/types";
import { Late } from "@/ui/Columns";
import { formatCount, formatDuration } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { Time } from "@/ui/Time";
import { RunSwitcher } from "./RunSwitcher";
import { readConclusion } from "./steps";
import { Timeline } from "./Timeline";
import { Verdict } from "./Verdict";

interface Props {
  issueId: string;
  runs: Run[];
  runId: string;
  step: number | null;
}

/** One run of an issue: its answer first, then the steps that led there. */
export function RunView({ issueId, runs, runId, step }: Props) {
  const query = useQuery(issueQueries.run(runId));
  const navigate = useNavigate();
  const show = (run: string) => void navigate({ to: "/issues/$issueId", params: { issueId }, search: { run }, replace: true });
  const switcher = <RunSwitcher runs={runs} current={runId} onChange={show} />;
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
      {(run) => {
        const conclusion = readConclusion(run.output);
        return (
          <>
            {run.erased_at && (
              <Alert color="gray" title="Erased">
                What this run was given, did and found was erased <Time at={run.erased_at} />. What happened when stays.
              </Alert>
            )}
            {run.error && (
              <Alert color="red" icon={<IconAlertTriangle size={16} />} title="This run failed">
                {run.error}
              </Alert>
            )}
            {conclusion && <Verdict conclusion={conclusion} issueId={issueId} runId={run.id} lit={step} />}
            <Late>
              <Section title="Investigation" aside={switcher}>
                <Text c="dimmed" mb="md">{describe(run)}</Text>
                <Timeline run={run} lit={step} />
              </Section>
            </Late>
          </>
        );
      }}
    </Loaded>
  );
}

/** How a run worked, in one sentence: by which means, how long, at what cost. */
function describe(run: RunDetail): string {
  const parts = [run.mode === "model" ? `Reasoned by ${run.model ?? "a model"}` : "Ran the steps of the skill; no model was used"];
  if (run.started_at && run.finished_at) {
    parts.push(`in ${formatDuration(Date.parse(run.finished_at) - Date.parse(run.started_at))}`);
  }
  if (run.tokens_in + run.tokens_out > 0) {
    parts.push(`with ${formatCount(run.tokens_in + run.tokens_out)} tokens for $${run.cost_usd.toFixed(4)}`);
  }
  if (run.requested_by) parts.push("started by hand");
  return `${parts.join(", ")}.`;
}
