import { Link } from "@tanstack/react-router";
import type { Overview } from "@/api/types";
import { formatCount, formatDuration, humanize } from "@/ui/format";
import classes from "./Figures.module.css";

const SEVERITIES = ["critical", "high", "medium", "low"];

/** What is open now, and how fast answers come. */
export function Figures({ overview }: { overview: Overview }) {
  const { open_alerts, open_issues, verdicts, median_seconds_to_conclusion: median } = overview;
  const concluded = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const noise = concluded > 0 ? Math.round(((verdicts["false_positive"] ?? 0) / concluded) * 100) : null;
  return (
    <div className={classes.strip}>
      <div className={classes.figure}>
        <div className={classes.name}>Open alerts</div>
        <div className={classes.severities}>
          {SEVERITIES.map((severity) => {
            const count = open_alerts[severity as keyof typeof open_alerts] ?? 0;
            return (
              <Link
                key={severity}
                to="/alerts"
                search={{ status: "open,investigating", severity }}
                className={classes.severity}
                data-zero={count === 0 || undefined}
              >
                <b style={count > 0 ? { color: `var(--st-${severity})` } : undefined}>{formatCount(count)}</b>
                <span className={classes.unit}>{humanize(severity)}</span>
              </Link>
            );
          })}
        </div>
      </div>
      <div className={classes.figure}>
        <div className={classes.name}>Open issues</div>
        <Link to="/issues" search={{ status: "analyzing,in_progress" }} style={{ color: "inherit" }}>
          <span className={classes.value}>{formatCount((open_issues["analyzing"] ?? 0) + (open_issues["in_progress"] ?? 0))}</span>{" "}
          {(open_issues["analyzing"] ?? 0) > 0 && <span className={classes.unit}>{open_issues["analyzing"]} analyzing</span>}
        </Link>
      </div>
      <div className={classes.figure}>
        <div className={classes.name}>Median time to conclusion</div>
        <span className={classes.value}>{typeof median === "number" ? formatDuration(median * 1_000) : "–"}</span>
      </div>
      <div className={classes.figure}>
        <div className={classes.name}>False positives</div>
        <span className={classes.value}>{noise === null ? "–" : `${noise} %`}</span>{" "}
        <span className={classes.unit}>of {formatCount(concluded)}</span>
      </div>
    </div>
  );
}
