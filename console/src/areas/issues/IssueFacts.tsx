import { Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Issue } from "@/api/types";
import { AlertStatusTag, RealTag, SeverityTag } from "@/components/badges";
import { History } from "@/components/History";
import { useOwnerFact } from "@/components/owner";
import type { HistoryEvent } from "@/components/record";
import { Assignee } from "@/components/people";
import { Facts } from "@/ui/Facts";
import { humanize } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Time } from "@/ui/Time";

interface Props {
  issue: Issue;
  onAssign: ((userId: string | null) => void) | null;
}

export function IssueFacts({ issue, onAssign }: Props) {
  const owner = useOwnerFact("/issues", issue.node_id);
  return (
    <>
      <Section title="Facts">
        <Facts
          items={[
            ["Severity", <SeverityTag key="severity" severity={issue.severity} />],
            ["Verdict", <RealTag key="verdict" isReal={issue.is_real_issue} />],
            ["Assigned to", <Assignee key="assignee" person={issue.assigned_to} onAssign={onAssign} />],
            owner,
            ["Skill", issue.skill && <Link key="skill" to="/skills/$skillId" params={{ skillId: issue.skill.id }}>{issue.skill.name}</Link>],
            ["Updated", <Time key="updated" at={issue.updated_at} />],
            ["Erased", issue.erased_at && <Time key="erased" at={issue.erased_at} />],
            ["Told to", namesOf(issue.receivers).join(", ")],
          ]}
        />
      </Section>
      <Section title={`Alerts (${issue.alerts.length})`}>
        <Stack gap="sm">
          {issue.alerts.map((alert) => (
            <div key={alert.id}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className="truncate">{alert.title}</Link>
                <AlertStatusTag status={alert.status} />
              </Group>
              <Text size="xs" c="dimmed">
                {alert.source}, last seen <Time at={alert.last_seen_at} />
                {alert.occurrences > 1 && `, ×${alert.occurrences}`}
              </Text>
            </div>
          ))}
          {issue.alerts.length === 0 && <Text c="dimmed">No alert is linked to this issue.</Text>}
        </Stack>
      </Section>
      <History subject={{ type: "issue", id: issue.id }} own={historyOf(issue)} />
    </>
  );
}

/** What happened to an issue, as far as its own record tells. */
function historyOf(issue: Issue): HistoryEvent[] {
  const events: HistoryEvent[] = [{ what: "Opened", at: issue.created_at }];
  if (issue.resolved_at) {
    events.push({ what: humanize(issue.status), at: issue.resolved_at, who: issue.resolved_by?.name, status: issue.status });
  }
  return events;
}

/** Receivers are named by text or by an object with a name. */
function namesOf(receivers: unknown[]): string[] {
  return receivers
    .map((one) => (typeof one === "object" && one !== null && "name" in one ? one.name : one))
    .filter((name) => typeof name === "string");
}
