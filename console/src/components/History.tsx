import { Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { historyQuery, type HistorySubject } from "@/api/history";
import { rowsOf } from "@/api/paging";
import { Section } from "@/ui/Section";
import { Time } from "@/ui/Time";
import { type HistoryEvent, historyFrom } from "./record";
import classes from "./History.module.css";

interface Props {
  subject: HistorySubject;
  /** What the subject's own record tells. */
  own: HistoryEvent[];
}

/** What happened to something, who changed it and why. */
export function History({ subject, own }: Props) {
  const changes = useInfiniteQuery(historyQuery(subject));
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
