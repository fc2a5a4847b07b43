import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DryRun } from "@/api/types";
import { type Column, DataTable } from "@/ui/DataTable";
import { formatCount, humanize, plural } from "@/ui/format";
import { ScoreBar } from "@/ui/ScoreBar";
import { Time } from "@/ui/Time";

type Match = DryRun["matched"][number];

const columns: Column<Match>[] = [
  {
    key: "alert",
    title: "Alert",
    cell: (match) => (
      <Link to="/alerts/$alertId" params={{ alertId: match.alert_id }} style={{ color: "var(--st-text)", fontWeight: 500 }}>
        {match.title}
      </Link>
    ),
  },
  { key: "how", title: "How", width: 90, cell: (match) => humanize(match.how) },
  { key: "score", title: "Score", width: 150, cell: (match) => (typeof match.score === "number" ? <ScoreBar score={match.score} /> : "–"), optional: true },
  { key: "current", title: "Skill today", width: 180, cell: (match) => <span className="dim">{match.current?.name ?? "none"}</span>, optional: true },
  { key: "received", title: "Received", width: 90, align: "right", cell: (match) => <span className="dim"><Time at={match.received_at} /></span> },
];

/** What a dry run found. */
export function DryRunTable({ result }: { result: DryRun }) {
  return (
    <>
      <Text p="sm" c="dimmed" role="status">
        {plural(result.matched.length, "alert")} of {formatCount(result.checked)} would match.
      </Text>
      {result.matched.length > 0 && (
        <DataTable label="Alerts that would match" columns={columns} rows={result.matched} rowKey={(match) => match.alert_id} />
      )}
    </>
  );
}
