import { Button, Stack } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type IssueFilters, issueQueries } from "@/api/issues";
import { rowsOf } from "@/api/paging";
import type { IssueRow } from "@/api/types";
import { IssueStatusTag, RealTag, SeverityTag } from "@/components/badges";
import { FilterBar, FilterMany, FilterOne, OWNERS, SearchBox } from "@/components/Filters";
import { issueTitle } from "@/components/issue-title";
import { NoMatch } from "@/components/NoMatch";
import { OwnerFilter } from "@/components/owner";
import { Page } from "@/components/Page";
import { Person } from "@/components/people";
import { type Column, DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import classes from "./Issues.module.css";

const STATUSES = ["analyzing", "in_progress", "resolved", "false_positive", "unable_to_resolve"].map((value) => ({ value }));
const SEVERITIES = ["critical", "high", "medium", "low"].map((value) => ({ value }));
const VERDICTS = [{ value: "", label: "Any verdict" }, { value: "true", label: "Real problem" }, { value: "false", label: "False positive" }];

const columns: Column<IssueRow>[] = [
  { key: "severity", title: "Severity", width: 96, cell: (issue) => <SeverityTag severity={issue.severity} /> },
  {
    key: "title",
    title: "Issue",
    main: true,
    cell: (issue) => (
      <div className={classes.name}>
        <Link to="/issues/$issueId" params={{ issueId: issue.id }} className={issue.erased_at ? classes.erased : classes.link}>
          {issueTitle(issue)}
        </Link>
        {issue.ai_conclusion && <div className={classes.conclusion}>{issue.ai_conclusion}</div>}
      </div>
    ),
  },
  { key: "status", title: "Status", width: 130, cell: (issue) => <IssueStatusTag status={issue.status} /> },
  { key: "verdict", title: "Verdict", room: "some", width: 110, cell: (issue) => <RealTag isReal={issue.is_real_issue} />, optional: true },
  { key: "skill", title: "Skill", room: "much", width: 170, cell: (issue) => <span className="dim">{issue.skill?.name ?? "–"}</span>, optional: true },
  { key: "alerts", title: "Alerts", room: "much", width: 60, align: "right", cell: (issue) => issue.alert_count, optional: true },
  { key: "assigned", title: "Assigned to", room: "some", width: 130, cell: (issue) => <Person person={issue.assigned_to} />, optional: true },
  { key: "updated", title: "Updated", width: 90, align: "right", cell: (issue) => <span className="dim"><Time at={issue.updated_at} /></span> },
];

export function IssuesPage() {
  return (
    <Page title="Issues" permission="issues:read">
      <IssueList />
    </Page>
  );
}

function IssueList() {
  const filters = useSearch({ from: "/app/issues" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(issueQueries.list(filters));
  const set = (part: IssueFilters) => void navigate({ to: "/issues", search: { ...filters, ...part }, replace: true });
  const clear = () => void navigate({ to: "/issues", search: {}, replace: true });
  const filtered = Object.keys(filters).length > 0;
  return (
    <Stack gap="sm">
      <FilterBar search={<SearchBox label="Search issues" value={filters.q} onChange={(q) => set({ q })} />}>
        <FilterMany label="Status" value={filters.status} choices={STATUSES} onChange={(status) => set({ status })} />
        <FilterMany label="Severity" value={filters.severity} choices={SEVERITIES} onChange={(severity) => set({ severity })} />
        <FilterOne label="Verdict" value={filters.is_real_issue} choices={VERDICTS} onChange={(is_real_issue) => set({ is_real_issue })} width={144} />
        <FilterOne label="Assigned to" value={filters.assigned_to} choices={OWNERS} onChange={(assigned_to) => set({ assigned_to })} />
        <OwnerFilter value={filters.node_id} onChange={(node_id) => set({ node_id })} />
        {filtered && <Button variant="subtle" onClick={clear}>Clear all</Button>}
      </FilterBar>
      <Section title={filtered ? "Matching issues" : "All issues"} flush>
        <Loaded query={query}>
          {(data) => {
            const issues = rowsOf(data, (issue) => issue.id);
            if (issues.length > 0) {
              return <DataTable label="Issues" columns={columns} rows={issues} rowKey={(issue) => issue.id} more={query} />;
            }
            return filtered ? (
              <NoMatch what="issue" q={filters.q} onClear={clear} />
            ) : (
              <Empty icon={IconListSearch} title="No issues yet">
                An alert that needs an answer opens an issue here, and the investigation is written down step by step.
              </Empty>
            );
          }}
        </Loaded>
      </Section>
    </Stack>
  );
}
