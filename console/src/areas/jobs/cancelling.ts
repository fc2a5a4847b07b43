import type { Job } from "@/api/types";

/** What becomes of the thing that a job works on, for kinds of which more can be said. */
const EFFECTS: Record<string, string> = {
  execute_run: "The investigation that it carries out ends as failed.",
  deliver: "The message is not sent. The receiver's page says so, and offers to send it again.",
  send_invitation: "The mail is not sent. The invitation can be sent again.",
  send_password_link: "The mail is not sent. Who asked for it can ask again.",
};

/** What happens when a job is cancelled (docs/jobs.md). */
export function effectOf({ kind, state }: Pick<Job, "kind" | "state">): string {
  const job =
    state === "running"
      ? "It is told to stop within a second, is ended where it stands after ten more, and is not run again."
      : "It is not run.";
  return `${job} ${EFFECTS[kind] ?? "What it was to do is left undone."} This cannot be undone.`;
}
