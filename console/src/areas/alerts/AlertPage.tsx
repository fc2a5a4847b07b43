import { Button, Grid, Group, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { alertQueries, useInvestigate } from "@/api/alerts";
import { usePermission } from "@/api/session";
import type { Alert } from "@/api/types";
import { AlertStatusTag, IssueStatusTag, SeverityTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { Labels } from "@/components/Labels";
import { Markdown } from "@/components/Markdown";
import { Page } from "@/components/Page";
import { Assignee } from "@/components/people";
import { JsonBlock } from "@/ui/CodeBlock";
import { CopyButton } from "@/ui/CopyButton";
import { Facts } from "@/ui/Facts";
import { notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { historyOf } from "./history";
import { useAlertActions } from "./useAlertActions";

const ABOVE = [{ label: "Alerts", to: "/alerts" as const }];
const OPEN = new Set(["open", "investigating"]);

export function AlertPage() {
  const { alertId } = useParams({ from: "/app/alerts/$alertId" });
  const query = useQuery(alertQueries.one(alertId));
  return (
    <Page
      title={query.data?.title ?? "Alert"}
      above={ABOVE}
      permission="alerts:read"
      actions={query.data && <AlertActions alert={query.data} />}
    >
      <Loaded query={query}>{(alert) => <AlertDetails alert={alert} />}</Loaded>
    </Page>
  );
}

function AlertActions({ alert }: { alert: Alert }) {
  const navigate = useNavigate();
  const investigate = useInvestigate();
  const { act, results } = useAlertActions([alert]);
  const toIssue = () =>
    investigate.mutate(alert.id, {
      onSuccess: (issue) => void navigate({ to: "/issues/$issueId", params: { issueId: issue.id } }),
      onError: (error) => notifyFailure("No investigation was started", error),
    });
  return (
    <>
      {results}
      {OPEN.has(alert.status) ? (
        <>
          {!alert.issue_id && (
            <Can permission="alerts:write">
              <Button loading={investigate.isPending} onClick={toIssue}>Investigate</Button>
            </Can>
          )}
          <WriteButton label="Resolve" onClick={() => act("resolve", [alert.id])} />
          <WriteButton label="False positive" onClick={() => act("false_positive", [alert.id])} />
          <WriteButton label="Ignore" onClick={() => act("ignore", [alert.id])} />
        </>
      ) : (
        <WriteButton label="Reopen" onClick={() => act("reopen", [alert.id])} />
      )}
    </>
  );
}

function WriteButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Can permission="alerts:write">
      <Button variant="default" onClick={onClick}>{label}</Button>
    </Can>
  );
}

function AlertDetails({ alert }: { alert: Alert }) {
  const mayWrite = usePermission("alerts:write");
  const { act, results } = useAlertActions([alert]);
  return (
    <Grid gap="md">
      {results}
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Stack gap="md">
          <Section title="What the source says">
            {alert.description ? <Markdown text={alert.description} /> : <Text c="dimmed">No description came with this alert.</Text>}
          </Section>
          <Section title="Labels and annotations">
            <Stack gap="sm">
              <Labels labels={alert.labels} />
              <Facts items={Object.entries(alert.annotations ?? {})} />
            </Stack>
          </Section>
          <Section title="As it was received">
            <Tabs defaultValue="payload">
              <Tabs.List mb="sm">
                <Tabs.Tab value="payload">Payload</Tabs.Tab>
                <Tabs.Tab value="labels">Labels as JSON</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="payload"><JsonBlock label="Payload" value={alert.raw_payload} /></Tabs.Panel>
              <Tabs.Panel value="labels"><JsonBlock label="Labels" value={alert.labels} /></Tabs.Panel>
            </Tabs>
          </Section>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="md">
          <Section title="Facts">
            <Facts items={[
              ["Status", <AlertStatusTag key="s" status={alert.status} />],
              ["Severity", <SeverityTag key="s" severity={alert.severity} />],
              ["Assigned to", <Assignee key="a" person={alert.assigned_to} onAssign={mayWrite ? (id) => act("assign", [alert.id], id) : null} />],
              ["Source", alert.source],
              ["Type", alert.alert_type],
              ["Occurrences", alert.occurrences],
              ["Receiver", alert.receiver_im],
              ["Generator", <SourceLink key="g" url={alert.generator_url} />],
              ["Fingerprint", <Group key="f" gap={4} wrap="nowrap"><span className="mono truncate">{alert.fingerprint}</span><CopyButton text={alert.fingerprint} label="Copy fingerprint" /></Group>],
            ]} />
          </Section>
          <Section title="Issues">
            {alert.issues.length === 0 && <Text c="dimmed">No issue was opened for this alert.</Text>}
            <Stack gap="xs">
              {alert.issues.map((issue) => (
                <Group key={issue.id} justify="space-between" wrap="nowrap">
                  <Link to="/issues/$issueId" params={{ issueId: issue.id }} className="truncate">{issue.title}</Link>
                  <IssueStatusTag status={issue.status} />
                </Group>
              ))}
            </Stack>
          </Section>
          <Section title="History">
            <Facts items={historyOf(alert).map((event) => [event.what, <span key={event.what}><Time at={event.at} />{event.who && ` by ${event.who}`}</span>])} />
          </Section>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** The source's own page; only http(s), as a payload could name any scheme. */
function SourceLink({ url }: { url: string | null | undefined }) {
  if (!url) return <span className="dim">–</span>;
  if (!/^https?:\/\//i.test(url)) return <span className="mono">{url}</span>;
  return <a href={url} target="_blank" rel="noopener noreferrer">Open at the source</a>;
}
