import { Tag, type Tone } from "@/ui/Tag";
import { humanize } from "@/ui/format";

const STATES: Record<string, [string, Tone]> = {
  scheduled: ["Scheduled", "low"],
  available: ["Waiting", "low"],
  running: ["Running", "accent"],
  completed: ["Completed", "ok"],
  cancelled: ["Cancelled", "neutral"],
  dead: ["Dead again", "critical"],
};

/** Where a job is, or how it ended. */
export function StateTag({ state }: { state: string }) {
  const [word, tone] = STATES[state] ?? [humanize(state), "neutral"];
  return <Tag tone={tone} dot={state === "running" ? "pulse" : undefined}>{word}</Tag>;
}
