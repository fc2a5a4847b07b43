import { IconMoodSmile } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { jobQueries } from "@/api/jobs";
import { rowsOf } from "@/api/paging";
import type { DeadLetter } from "@/api/types";
import { type Column, DataTable } from "@/ui/DataTable";
import { Disclosure } from "@/ui/Disclosure";
import { formatCount, humanize, plural } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { attemptsOf } from "./attempts";
import { Name } from "./Name";
import { Replay } from "./Replay";
import classes from "./Jobs.module.css";

const columns: Column<DeadLetter>[] = [
  { key: "what", title: "What was given up", cell: (letter) => <What letter={letter} /> },
  { key: "source", title: "Source", width: 80, cell: (letter) => <span className="dim">{humanize(letter.source)}</span>, optional: true, room: "much" },
  { key: "retries", title: "Retries", width: 70, align: "right", cell: (letter) => formatCount(letter.retry_count) },
  { key: "died", title: "Gave up", width: 100, align: "right", cell: (letter) => <span className="dim"><Time at={letter.created_at} /></span> },
  { key: "replay", title: "", width: 190, align: "right", cell: (letter) => <Replay letter={letter} /> },
];

/** Work that was given up, until somebody has it tried again. */
export function DeadLetters() {
  const query = useInfiniteQuery(jobQueries.dead);
  return (
    <Section title="Work that was given up" aside={<span className="dim">Until somebody runs it again or dismisses it</span>} flush>
      <Loaded query={query}>
        {(data) => {
          const letters = rowsOf(data, (letter) => letter.id);
          if (letters.length === 0) return <Empty icon={IconMoodSmile} title="No dead letters">Everything that was accepted has been done or is under way.</Empty>;
          return <DataTable label="Dead letters" columns={columns} rows={letters} rowKey={(letter) => letter.id} more={query} />;
        }}
      </Loaded>
    </Section>
  );
}

function What({ letter }: { letter: DeadLetter }) {
  const attempts = attemptsOf(letter.errors);
  return (
    <div className={classes.what}>
      <Name of={letter.event_type} />
      <div className={classes.error}>{letter.error}</div>
      {attempts.length > 0 && (
        <Disclosure label={plural(attempts.length, "failed attempt")}>
          <ol className={classes.attempts}>
            {attempts.map(({ number, at, error }) => (
              <li key={number} value={number}>
                {at && <span className="dim"><Time at={at} /> </span>}
                {error}
              </li>
            ))}
          </ol>
        </Disclosure>
      )}
    </div>
  );
}
