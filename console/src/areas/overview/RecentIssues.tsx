import { Link } from "@tanstack/react-router";
import { IconListSearch } from "@tabler/icons-react";
import type { Overview } from "@/api/types";
import { IssueStatusTag, RealTag } from "@/components/badges";
import { issueTitle } from "@/components/issue-title";
import { type Column, DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty } from "@/ui/states";
import { Time } from "@/ui/Time";

type RecentIssue = Overview["recent_issues"][number];

const columns: Column<RecentIssue>[] = [
  {
    key: "title",
    title: "Issue",
    cell: (issue) => (
      <Link to="/issues/$issueId" params={{ issueId: issue.id }} style={{ color: "var(--st-text)", fontWeight: 500 }}>
        {issueTitle(issue)}
      </Link>
    ),
  },
  { key: "status", title: "Status", width: 130, cell: (issue) => <IssueStatusTag status={issue.status} /> },
  { key: "verdict", title: "Verdict", width: 110, cell: (issue) => <RealTag isReal={issue.is_real_issue} />, optional: true },
  { key: "opened", title: "Opened", width: 90, align: "right", cell: (issue) => <span className="dim"><Time at={issue.created_at} /></span>, optional: true },
];

export function RecentIssues({ issues }: { issues: RecentIssue[] }) {
  return (
    <Section title="Recent issues" flush aside={<Link to="/issues">All issues</Link>}>
      {issues.length > 0 ? (
        <DataTable label="Recent issues" columns={columns} rows={issues} rowKey={(issue) => issue.id} />
      ) : (
        <Empty icon={IconListSearch} title="No issues yet" />
      )}
    </Section>
  );
}
