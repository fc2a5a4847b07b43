import { alerts, issues } from "./alerts.mjs";
import { deadLetters } from "./jobs.mjs";
import { receivers } from "./knowledge.mjs";
import { random } from "./ids.mjs";

const HOUR = 3_600_000;

const count = (rows, key, value) => rows.filter((row) => row[key] === value).length;

export function overview(days = 7) {
  const open = alerts.filter((alert) => alert.status === "open" || alert.status === "investigating");
  const next = random(11);
  const ingest = Array.from({ length: days * 24 }, (_, index) => {
    const at = new Date(Math.floor(Date.now() / HOUR) * HOUR - (days * 24 - 1 - index) * HOUR);
    const day = 1 + Math.sin(((at.getUTCHours() - 8) / 24) * 2 * Math.PI);
    return { at: at.toISOString(), count: Math.round(4 + day * 9 + next() * 6 + (index === days * 24 - 17 ? 60 : 0)) };
  });
  const verdict_series = Array.from({ length: days }, (_, index) => ({
    at: new Date(Date.now() - (days - 1 - index) * 24 * HOUR).toISOString(), real: 9 + Math.floor(next() * 9), false_positive: 14 + Math.floor(next() * 12), undetermined: Math.floor(next() * 5),
  }));
  const sum = (key) => verdict_series.reduce((total, day) => total + day[key], 0);
  return {
    open_alerts: Object.fromEntries(["critical", "high", "medium", "low"].map((severity) => [severity, count(open, "severity", severity)])),
    open_issues: { analyzing: count(issues, "status", "analyzing"), in_progress: count(issues, "status", "in_progress") },
    verdicts: { real: sum("real"), false_positive: sum("false_positive"), undetermined: sum("undetermined") },
    ingest, verdict_series, failing_receivers: receivers.filter((receiver) => receiver.health === "failing"),
    recent_issues: issues.slice(0, 8), median_seconds_to_conclusion: 2.4,
    model: { configured: false, name: null, embedding_model: "steward-hash-1536" }, dead_letters: deadLetters.filter((letter) => !letter.processed_at).length,
  };
}

/** What an organization sees before its first alert. */
export function emptyOverview() {
  const full = overview();
  return {
    ...full, open_alerts: { critical: 0, high: 0, medium: 0, low: 0 }, open_issues: { analyzing: 0, in_progress: 0 }, verdicts: { real: 0, false_positive: 0, undetermined: 0 },
    ingest: [], verdict_series: [], failing_receivers: [], recent_issues: [], median_seconds_to_conclusion: null, dead_letters: 0,
  };
}
