import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { jobQueries, useReplayLetter } from "@/api/jobs";
import { keys } from "@/api/keys";
import type { DeadLetter } from "@/api/types";
import { Can } from "@/components/Can";
import { useNow } from "@/hooks/useNow";
import { notifyFailure } from "@/ui/notify";
import { Time } from "@/ui/Time";
import { StateTag } from "./StateTag";
import classes from "./Jobs.module.css";

/** How long after a replay its outcome is asked for: a list of old letters must not ask for each. */
const FRESH_MS = 24 * 3_600_000;

/** Has a letter tried again, and shows how that goes. */
export function Replay({ letter }: { letter: DeadLetter }) {
  const replay = useReplayLetter();
  if (letter.processed_at) return <Replayed id={letter.id} source={letter.source} at={letter.processed_at} />;
  const again = () => replay.mutate(letter.id, { onError: (error) => notifyFailure("It was not run again", error) });
  return (
    <Can permission="jobs:write">
      <Button variant="default" size="compact-xs" aria-label={`Run again ${letter.event_type}`} loading={replay.isPending} onClick={again}>Run again</Button>
    </Can>
  );
}

function Replayed({ id, source, at }: { id: string; source: string; at: string }) {
  const isFresh = useNow().getTime() - new Date(at).getTime() < FRESH_MS;
  return (
    <span className={classes.replayed} role="status">
      {source === "job" && isFresh && <Outcome id={id} />}
      <span className="dim nowrap">run again <Time at={at} /></span>
    </span>
  );
}

/** How a job goes that was given up before. One that fails for good is a letter again. */
function Outcome({ id }: { id: string }) {
  const client = useQueryClient();
  const { data: job } = useQuery(jobQueries.one(id));
  const isDead = job?.state === "dead";
  useEffect(() => {
    if (!isDead) return;
    void client.invalidateQueries({ queryKey: keys.jobs.dead });
    void client.invalidateQueries({ queryKey: keys.overview });
  }, [client, isDead]);
  return job ? <StateTag state={job.state} /> : null;
}
