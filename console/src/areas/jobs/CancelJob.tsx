import { Button } from "@mantine/core";
import { ApiError } from "@/api/client";
import { useCancelJob } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Can } from "@/components/Can";
import { confirm } from "@/ui/confirm";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Tag } from "@/ui/Tag";
import { effectOf } from "./cancelling";

export function CancelJob({ job }: { job: Job }) {
  const cancel = useCancelJob();
  if (job.cancel_requested_at) return <Tag tone="medium" dot="pulse">Stopping…</Tag>;
  if (!job.cancellable) return <span className="dim" title="It follows from something that happened, and others wait for it">–</span>;
  const ask = () =>
    confirm({
      title: `Cancel ${job.kind}?`,
      body: effectOf(job),
      action: "Cancel the job",
      keep: "Leave it",
      onConfirm: () =>
        cancel.mutate(job.id, {
          onSuccess: (now) => notifyDone(now.state === "cancelled" ? "The job is cancelled" : "The job is told to stop"),
          onError: (error) => (error instanceof ApiError && error.status === 404 ? notifyDone("The job had ended already") : notifyFailure("The job was not cancelled", error)),
        }),
    });
  return (
    <Can permission="jobs:write">
      <Button variant="default" size="compact-xs" aria-label={`Cancel ${job.kind}`} aria-busy={cancel.isPending} onClick={ask}>Cancel</Button>
    </Can>
  );
}
