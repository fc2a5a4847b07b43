import { Button, Text } from "@mantine/core";
import { IconHourglass, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type IssueChange, issueQueries, useIssueChange } from "@/api/issues";
import { usePermission } from "@/api/rights";
import type { Issue } from "@/api/types";
import { IssueStatusTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { issueTitle } from "@/components/issue-title";
import { Page } from "@/components/Page";
import { Columns } from "@/ui/Columns";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { askReason } from "@/ui/reason";
import { Empty, Loaded, RowsSkeleton } from "@/ui/states";
import { IssueFacts } from "./IssueFacts";
import { IssueMenu } from "./IssueMenu";
import { RunView } from "./RunView";
import { UNDECIDED } from "./undecided";

const ABOVE = [{ label: "Issues", to: "/issues" as const }];
const DONE = { assign: "Assigned", resolve: "Resolved", "false-positive": "Marked as false positive", reprocess: "A new run has begun", erase: "Erased" };

function useChange(id: string) {
  const change = useIssueChange(id);
  const send = (body: IssueChange, then?: () => void) =>
    change.mutate(body, {
      onSuccess: () => {
        notifyDone(DONE[body.action]);
        then?.();
      },
      onError: (error) => notifyFailure("The issue was not changed", error),
    });
  return { send, busy: change.isPending };
}

export function IssuePage() {
  const { issueId } = useParams({ from: "/app/issues/$issueId" });
  const query = useQuery(issueQueries.one(issueId));
  return (
    <Page
      title={query.data ? issueTitle(query.data) : "Issue"}
      above={ABOVE}
      tag={query.data && <IssueStatusTag status={query.data.status} />}
      permission="issues:read"
      actions={query.data && !query.data.erased_at && <IssueActions issue={query.data} />}
    >
      <Loaded query={query}>{(issue) => <IssueDetails key={issue.id} issue={issue} />}</Loaded>
    </Page>
  );
}

function IssueActions({ issue }: { issue: Issue }) {
  const { send, busy } = useChange(issue.id);
  const navigate = useNavigate();
  const where = { node: issue.node_id };
  const decide = (label: string, action: "resolve" | "false-positive") =>
    askReason({ title: `${label}: ${issue.title}`, action: label, onConfirm: (reason) => send({ action, reason }) });
  const showLatest = () => void navigate({ to: "/issues/$issueId", params: { issueId: issue.id }, search: {}, replace: true });
  return (
    <>
      {UNDECIDED.has(issue.status) && (
        <>
          <Can permission="issues:write" where={where}>
            <Button variant="default" disabled={busy} onClick={() => decide("Resolve", "resolve")}>Resolve</Button>
          </Can>
          <Can permission="issues:write" where={where}>
            <Button variant="default" disabled={busy} onClick={() => decide("Mark as false positive", "false-positive")}>False positive</Button>
          </Can>
        </>
      )}
      <Can permission="issues:write" where={where}>
        <Button variant="default" leftSection={<IconRefresh size={14} />} disabled={busy} onClick={() => send({ action: "reprocess" }, showLatest)}>
          Reprocess
        </Button>
      </Can>
      <IssueMenu issue={issue} onErase={() => send({ action: "erase" })} />
    </>
  );
}

function IssueDetails({ issue }: { issue: Issue }) {
  const search = useSearch({ from: "/app/issues/$issueId" });
  const runs = useQuery(issueQueries.runs(issue.id));
  const { send } = useChange(issue.id);
  const mayWrite = usePermission("issues:write", { node: issue.node_id });
  const step = search.step ? Number(search.step) : null;
  const facts = <IssueFacts issue={issue} onAssign={mayWrite ? (user_id) => send({ action: "assign", user_id }) : null} />;
  return (
    <Columns side={facts}>
      {issue.description && <Text c="dimmed">{issue.description}</Text>}
      <Loaded query={runs} skeleton={<RowsSkeleton rows={6} />}>
        {({ items }) => {
          const run = items.find((one) => one.id === search.run) ?? items[0];
          if (run) return <RunView issueId={issue.id} runs={items} runId={run.id} step={step} />;
          return (
            <Empty icon={IconHourglass} title="The investigation has not begun">
              It starts as soon as a worker is free. This page follows it live.
            </Empty>
          );
        }}
      </Loaded>
    </Columns>
  );
}
