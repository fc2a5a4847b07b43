import { Button, Group, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { alertQueries, useInvestigate } from "@/api/alerts";
import { usePermission, type Where } from "@/api/rights";
import type { Alert } from "@/api/types";
import { AlertStatusTag, IssueStatusTag, SeverityTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { History } from "@/components/History";
import { Labels } from "@/components/Labels";
import { Markdown } from "@/components/Markdown";
import { Page } from "@/components/Page";
import { useOwnerFact } from "@/components/owner";
import { Assignee } from "@/components/people";
import { JsonBlock } from "@/ui/CodeBlock";
import { Columns, Late } from "@/ui/Columns";
import { CopyButton } from "@/ui/CopyButton";
import { Facts } from "@/ui/Facts";
import { notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded } from "@/ui/states";
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
      tag={query.data && <AlertStatusTag status={query.data.status} />}
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
  const where = { node: alert.node_id };
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
            <Can permission="issues:write" where={where}>
              <Button loading={investigate.isPending} onClick={toIssue}>Investigate</Button>
            </Can>
          )}
          <WriteButton where={where} label="Resolve" onClick={() => act("resolve", [alert.id])} />
          <WriteButton where={where} label="False positive" onClick={() => act("false_positive", [alert.id])} />
          <WriteButton where={where} label="Ignore" onClick={() => act("ignore", [alert.id])} />
        </>
      ) : (
        <WriteButton where={where} label="Reopen" onClick={() => act("reopen", [alert.id])} />
      )}
    </>
  );
}

function WriteButton({ label, where, onClick }: { label: string; where: Where; onClick: () => void }) {
  return (
    <Can permission="alerts:write" where={where}>
      <Button variant="default" onClick={onClick}>{label}</Button>
    </Can>
  );
}

function AlertDetails({ alert }: { alert: Alert }) {
  return (
    <Columns side={<AlertFacts alert={alert} />}>
      <Section title="What the source says">
        {alert.description ? <Markdown text={alert.description} /> : <Text c="dimmed">No description came with this alert.</Text>}
      </Section>
      <Late>
        <Stack gap="md">
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
      </Late>
    </Columns>
  );
}

function AlertFacts({ alert }: { alert: Alert }) {
  const mayWrite = usePermission("alerts:write", { node: alert.node_id });
  const owner = useOwnerFact("/alerts", alert.node_id);
  const { act, results } = useAlertActions([alert]);
  const assign = (userId: string | null) => act("assign", [alert.id], { userId });
  return (
    <>
      {results}
      <Section title="Facts">
        <Facts items={[
          ["Severity", <SeverityTag key="s" severity={alert.severity} />],
          ["Assigned to", <Assignee key="a" person={alert.assigned_to} onAssign={mayWrite ? assign : null} />],
          owner,
          ["Source", alert.source],
          ["Type", alert.alert_type],
          ["Occurrences", alert.occurrences],
          ["Receiver", alert.receiver_im],
          ["Generator", <SourceLink key="g" url={alert.generator_url} />],
          ["Fingerprint", <Fingerprint key="f" text={alert.fingerprint} />],
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
      <History subject={{ type: "alert", id: alert.id }} own={historyOf(alert)} />
    </>
  );
}

function Fingerprint({ text }: { text: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <span className="mono truncate">{text}</span>
      <CopyButton text={text} label="Copy fingerprint" />
    </Group>
  );
}

/** The source's own page; only http(s), as a payload could name any scheme. */
function SourceLink({ url }: { url: string | null | undefined }) {
  if (!url) return <span className="dim">–</span>;
  if (!/^https?:\/\//i.test(url)) return <span className="mono">{url}</span>;
  return <a href={url} target="_blank" rel="noopener noreferrer">Open at the source</a>;
}
