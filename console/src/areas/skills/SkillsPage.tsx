import { Button, Stack } from "@mantine/core";
import { IconBook2, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { skillQueries } from "@/api/skills";
import type { SkillRow } from "@/api/types";
import { ActiveTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { useOwnerColumn } from "@/components/owner";
import { FilterBar, FilterOne, SearchBox } from "@/components/Filters";
import { NoMatch } from "@/components/NoMatch";
import { Page } from "@/components/Page";
import { type Column, DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import classes from "./Skills.module.css";

const STATUSES = [{ value: "", label: "Any status" }, { value: "active", label: "Active" }, { value: "inactive", label: "Inactive" }];

const columns: Column<SkillRow>[] = [
  {
    key: "name",
    title: "Skill",
    cell: (skill) => (
      <div className={classes.name}>
        <Link to="/skills/$skillId" params={{ skillId: skill.id }} className={classes.link}>{skill.name}</Link>
        <div className={classes.problem}>{skill.problem_description}</div>
      </div>
    ),
  },
  {
    key: "kind",
    title: "Runs",
    width: 140,
    cell: (skill) => (skill.executable ? <Tag tone="accent">Executable</Tag> : <Tag tone="neutral">Guidance only</Tag>),
  },
  { key: "status", title: "Status", width: 90, cell: (skill) => <ActiveTag status={skill.status} /> },
  { key: "bindings", title: "Bindings", room: "much", width: 80, align: "right", cell: (skill) => skill.bindings, optional: true },
  { key: "origin", title: "Origin", room: "much", width: 180, cell: (skill) => <span className={classes.origin} title={skill.origin ?? undefined}>{skill.origin ?? "–"}</span>, optional: true },
  { key: "version", title: "Version", room: "much", width: 70, align: "right", cell: (skill) => <span className="dim">{skill.version}</span>, optional: true },
  { key: "updated", title: "Updated", room: "some", width: 90, align: "right", cell: (skill) => <span className="dim"><Time at={skill.updated_at} /></span>, optional: true },
];

export function SkillsPage() {
  const action = (
    <Can permission="skills:write">
      <Button component={Link} to="/skills/new" leftSection={<IconPlus size={14} />}>New skill</Button>
    </Can>
  );
  return (
    <Page title="Skills" permission="skills:read" actions={action}>
      <SkillList />
    </Page>
  );
}

function SkillList() {
  const filters = useSearch({ from: "/app/skills" });
  const navigate = useNavigate();
  const mayWrite = usePermission("skills:write");
  const query = useInfiniteQuery(skillQueries.list(filters));
  const shown = [...columns.slice(0, 3), ...useOwnerColumn<SkillRow>(), ...columns.slice(3)];
  const set = (part: typeof filters) => void navigate({ to: "/skills", search: { ...filters, ...part }, replace: true });
  return (
    <Stack gap="sm">
      <FilterBar search={<SearchBox label="Search skills" value={filters.q} onChange={(q) => set({ q })} />}>
        <FilterOne label="Status" value={filters.status} choices={STATUSES} onChange={(status) => set({ status })} />
      </FilterBar>
      <Section title="What the team knows" flush>
        <Loaded query={query}>
          {(data) => {
            const skills = rowsOf(data, (skill) => skill.id);
            if (skills.length > 0) return <DataTable label="Skills" columns={shown} rows={skills} rowKey={(skill) => skill.id} more={query} />;
            if (Object.keys(filters).length > 0) return <NoMatch what="skill" q={filters.q} onClear={() => void navigate({ to: "/skills", search: {}, replace: true })} />;
            return (
              <Empty
                icon={IconBook2}
                title="No skills yet"
                action={mayWrite && <Button component={Link} to="/skills/new">Write the first one</Button>}
              >
                A skill is a runbook in Markdown. Steward matches it to alerts, and runs the steps that name a tool. Existing
                runbooks come in with <span className="mono">steward skills import DIR</span>.
              </Empty>
            );
          }}
        </Loaded>
      </Section>
    </Stack>
  );
}
