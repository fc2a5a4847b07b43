import type { Alert } from "@/api/types";
import type { HistoryEvent } from "@/components/record";
import { humanize } from "@/ui/format";

/** What happened to an alert, as far as its own record tells. */
export function historyOf(alert: Alert): HistoryEvent[] {
  const events: HistoryEvent[] = [{ what: "Received", at: alert.received_at }];
  if (alert.starts_at) events.push({ what: "Started at the source", at: alert.starts_at });
  if (alert.occurrences > 1) events.push({ what: "Last seen", at: alert.last_seen_at });
  for (const issue of alert.issues) events.push({ what: `Issue: ${issue.title}`, at: issue.created_at });
  if (alert.ends_at) events.push({ what: "Ended at the source", at: alert.ends_at });
  if (alert.resolved_at) {
    events.push({ what: "Resolved", at: alert.resolved_at, who: alert.resolved_by?.name ?? "the source", status: "resolved" });
  } else if (alert.status !== "open" && alert.status_changed_at) {
    events.push({ what: humanize(alert.status), at: alert.status_changed_at, who: alert.status_changed_by?.name, status: alert.status });
  }
  return events;
}
