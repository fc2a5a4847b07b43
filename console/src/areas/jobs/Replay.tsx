import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { jobQueries, useSettleLetter } from "@/api/jobs";
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
  const replay = useSettleLetter("replay");
  const dismiss = useSettleLetter("dismiss");
  if (letter.is_dismissed) return <span className="dim nowrap">dismissed <Time at={letter.processed_at} /></span>;
  if (letter.processed_at) return <Replayed id={letter.id} source={letter.source} at={letter.processed_at} />;
  const again = () => replay.mutate(letter.id, { onError: (error) => notifyFailure("It was not run again", error) });
  const leave = () => dismiss.mutate(letter.id, { onError: (error) => notifyFailure("It was not dismissed", error) });
  return (
    <span className={classes.replayed}>
      <Can permission="jobs:write">
        <Button variant="subtle" color="gray" size="compact-xs" aria-label={`Dismiss ${letter.event_type}`} title="It need not be tried again" aria-busy={dismiss.isPending} onClick={leave}>Dismiss</Button>
      </Can>
      <Can permission="jobs:write">
        <Button variant="default" size="compact-xs" aria-label={`Run again ${letter.event_type}`} aria-busy={replay.isPending} onClick={again}>Run again</Button>
      </Can>
    </span>
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
