import { Alert } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobQueries } from "@/api/jobs";
import { Time } from "@/ui/Time";
import classes from "./Jobs.module.css";

/** Says above a list that some of what is in it waits for a person. */
export function PausedQueues() {
  const { data: queues } = useQuery(jobQueries.queues);
  const paused = queues?.filter((queue) => queue.paused_at) ?? [];
  if (paused.length === 0) return null;
  return (
    <Alert color="yellow" p="xs" mb="sm" icon={<IconPlayerPause size={16} />} role="status" aria-label="Paused queues" className={classes.banner}>
      {paused.map(({ queue, paused_at }, index) => (
        <span key={queue}>
          {index > 0 && ", "}
          <span className="mono">{queue}</span> paused <Time at={paused_at} />
        </span>
      ))}
      : nothing of {paused.length === 1 ? "it" : "them"} is begun until somebody lets it go on, in <Link to="/jobs" search={{}}>Queues</Link>.
    </Alert>
  );
}
