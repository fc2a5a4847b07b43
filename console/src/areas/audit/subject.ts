import type { AuditEntry } from "@/api/types";

/** What tells the thing apart that was acted on. Settings all stand at one node: theirs is the key, with the value that it got. */
export function subjectOf(entry: Pick<AuditEntry, "subject_type" | "subject_id" | "after">): string {
  if (entry.subject_type === "setting" && isSetting(entry.after)) {
    return `${entry.after.key} = ${entry.after.value === null ? "none" : JSON.stringify(entry.after.value)}`;
  }
  return entry.subject_id.slice(-8);
}

function isSetting(state: unknown): state is { key: string; value: unknown } {
  return typeof state === "object" && state !== null && "key" in state && "value" in state;
}
