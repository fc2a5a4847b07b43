import { Button } from "@mantine/core";
import { IconPlus, IconTool } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { rowsOf } from "@/api/paging";
import { toolQueries } from "@/api/tools";
import type { Tool } from "@/api/types";
import { ActiveTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { useOwnerColumn } from "@/components/owner";
import { Page } from "@/components/Page";
import { type Column, DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { TYPE_NAMES } from "./config";

const columns: Column<Tool>[] = [
  {
    key: "name",
    title: "Tool",
    cell: (tool) => (
      <div style={{ minWidth: 180 }}>
        <Link to="/tools/$toolId" params={{ toolId: tool.id }} className="mono" style={{ color: "var(--st-text)", fontWeight: 500 }}>
          {tool.name}
        </Link>
        <div className="dim">{tool.description}</div>
      </div>
    ),
  },
  { key: "type", title: "Type", width: 120, cell: (tool) => <Tag tone="neutral">{TYPE_NAMES[tool.type] ?? tool.type}</Tag> },
  { key: "status", title: "Status", width: 90, cell: (tool) => <ActiveTag status={tool.status} />, optional: true },
  { key: "updated", title: "Updated", room: "some", width: 90, align: "right", cell: (tool) => <span className="dim"><Time at={tool.updated_at} /></span>, optional: true },
];

export function ToolsPage() {
  const add = (
    <Can permission="tools:write">
      <Button component={Link} to="/tools/new" leftSection={<IconPlus size={14} />}>New tool</Button>
    </Can>
  );
  return (
    <Page title="Tools" permission="tools:read" actions={add}>
      <ToolList />
    </Page>
  );
}

function ToolList() {
  const query = useInfiniteQuery(toolQueries.list);
  const shown = [...columns.slice(0, 3), ...useOwnerColumn<Tool>(), ...columns.slice(3)];
  return (
    <Section title="What investigations can call" flush>
      <Loaded query={query}>
        {(data) => {
          const tools = rowsOf(data, (tool) => tool.id);
          if (tools.length > 0) return <DataTable label="Tools" columns={shown} rows={tools} rowKey={(tool) => tool.id} more={query} />;
          return (
            <Empty icon={IconTool} title="No tools yet">
              A tool is a few lines of JavaScript in a sandbox, or one that an MCP server offers. Steps of a skill call tools by name.
            </Empty>
          );
        }}
      </Loaded>
    </Section>
  );
}
