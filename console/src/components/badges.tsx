import { Tag, type Tone } from "@/ui/Tag";
import { humanize } from "@/ui/format";

const SEVERITY: Record<string, Tone> = { critical: "critical", high: "high", medium: "medium", low: "low" };

const ALERT_STATUS: Record<string, Tone> = {
  open: "high",
  investigating: "accent",
  resolved: "ok",
  false_positive: "neutral",
  ignored: "neutral",
};

const ISSUE_STATUS: Record<string, Tone> = {
  analyzing: "accent",
  in_progress: "high",
  resolved: "ok",
  false_positive: "neutral",
  unable_to_resolve: "medium",
};

const VERDICT: Record<string, Tone> = { real: "critical", false_positive: "ok", undetermined: "medium" };

const HEALTH: Record<string, Tone> = { ok: "ok", failing: "critical", unknown: "neutral" };

export function SeverityTag({ severity }: { severity: string }) {
  return (
    <Tag tone={SEVERITY[severity] ?? "neutral"} dot="still">
      {humanize(severity)}
    </Tag>
  );
}

export function AlertStatusTag({ status }: { status: string }) {
  return <Tag tone={ALERT_STATUS[status] ?? "neutral"}>{humanize(status)}</Tag>;
}

export function IssueStatusTag({ status }: { status: string }) {
  return (
    <Tag tone={ISSUE_STATUS[status] ?? "neutral"} dot={status === "analyzing" ? "pulse" : undefined}>
      {humanize(status)}
    </Tag>
  );
}

/** What an investigation found: "Real problem", "False positive", "Undetermined". */
export function VerdictTag({ verdict }: { verdict: string }) {
  const label = verdict === "real" ? "Real problem" : humanize(verdict);
  return <Tag tone={VERDICT[verdict] ?? "neutral"}>{label}</Tag>;
}

/** The verdict as an issue row keeps it; nothing while there is none. */
export function RealTag({ isReal }: { isReal: boolean | null | undefined }) {
  if (isReal === true) return <VerdictTag verdict="real" />;
  if (isReal === false) return <VerdictTag verdict="false_positive" />;
  return <span className="dim">–</span>;
}

export function HealthTag({ health }: { health: string }) {
  return (
    <Tag tone={HEALTH[health] ?? "neutral"} dot="still">
      {health === "ok" ? "Delivering" : humanize(health)}
    </Tag>
  );
}

export function ActiveTag({ status }: { status: string }) {
  return <Tag tone={status === "active" ? "ok" : "neutral"}>{humanize(status)}</Tag>;
}
