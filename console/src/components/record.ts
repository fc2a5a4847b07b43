import type { HistoryLine } from "@/api/types";
import { humanize } from "@/ui/format";

export interface HistoryEvent {
  what: string;
  at: string;
  who?: string;
  reason?: string;
  /** The state that was entered, where the record of changes may know more about it. */
  status?: string;
}

/** What a recorded change tells in the history of its subject. */
function told(entry: HistoryLine): HistoryEvent {
  const after = (entry.after ?? {}) as Record<string, unknown>;
  const before = (entry.before ?? {}) as Record<string, unknown>;
  const status = typeof after["status"] === "string" && after["status"] !== before["status"] ? after["status"] : undefined;
  const verb = "assigned_to" in after ? "assigned" : (entry.action.split(".").pop() ?? entry.action);
  return {
    what: humanize(status ?? verb),
    at: entry.occurred_at,
    who: entry.actor_name || humanize(entry.actor_type),
    reason: entry.reason ?? undefined,
    status,
  };
}

/** A thing's own facts and its recorded changes as one history, oldest first; a state that a change tells of is told once. */
export function historyFrom(own: HistoryEvent[], changes: HistoryLine[]): HistoryEvent[] {
  const lines = changes.map(told);
  const known = new Set(lines.map((line) => line.status));
  const rest = own.filter((event) => event.status === undefined || !known.has(event.status));
  return [...rest, ...lines].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
