import { Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/session";
import { auditQuery } from "@/api/tenancy";
import { Section } from "@/ui/Section";
import { Time } from "@/ui/Time";
import { type HistoryEvent, historyFrom } from "./record";
import classes from "./History.module.css";

interface Props {
  subject: { type: "alert" | "issue"; id: string };
  /** What the subject's own record tells. */
  own: HistoryEvent[];
}

/** What happened to something. Those who may read the audit log see who changed it and why. */
export function History({ subject, own }: Props) {
  const mayAudit = usePermission("audit:read");
  const filters = { subject_type: subject.type, subject_id: subject.id };
  const changes = useInfiniteQuery({ ...auditQuery(filters), placeholderData: undefined, enabled: mayAudit });
  return (
    <Section title="History">
      <ol className={classes.list}>
        {historyFrom(own, rowsOf(changes.data, (entry) => entry.id)).map((event) => (
          <li key={`${event.at} ${event.what}`} className={classes.event}>
            <span>
              {event.what}
              {event.who && <span className="dim"> by {event.who}</span>}
            </span>
            <span className="dim"><Time at={event.at} /></span>
            {event.reason && <Text className={classes.reason}>{event.reason}</Text>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
