import { Button, Modal, Text } from "@mantine/core";
import { IconPlus, IconSitemap } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { usePermission } from "@/api/rights";
import { nodesQuery } from "@/api/tenancy";
import { Can } from "@/components/Can";
import { Page } from "@/components/Page";
import { flatten, treeOf } from "@/components/tree";
import { Section } from "@/ui/Section";
import { Empty, Loaded, RowsSkeleton } from "@/ui/states";
import { NodeForm } from "./NodeForm";
import { Tree } from "./Tree";

/** The units and teams of the organization. */
export function TeamsPage() {
  const { under } = useSearch({ from: "/app/teams" });
  const navigate = useNavigate();
  const mayWrite = usePermission("settings:write");
  const query = useQuery({ ...nodesQuery, enabled: usePermission("members:read") });
  const tree = treeOf(query.data?.items ?? []);
  const nodes = flatten(tree);
  const parent = nodes.find((node) => (under === "root" ? node.kind === "org" : node.id === under && node.kind !== "team"));
  const show = (id?: string) => void navigate({ to: "/teams", search: id ? { under: id } : {} });
  const add = (
    <Can permission="settings:write">
      <Button leftSection={<IconPlus size={14} />} onClick={() => show("root")}>New unit or team</Button>
    </Can>
  );
  return (
    <Page title="Teams" permission="members:read" actions={add}>
      <Section title="How the organization is divided" aside={<Text c="dimmed">Units hold units and teams</Text>} flush>
        <Loaded query={query} skeleton={<RowsSkeleton rows={4} />}>
          {() => (
            <>
              <Tree nodes={tree} onAdd={mayWrite ? show : null} />
              {nodes.length < 2 && (
                <Empty icon={IconSitemap} title="No units or teams yet">
                  A team's tokens tell whose alerts came in. It can have people, skills, tools and receivers of its own.
                </Empty>
              )}
            </>
          )}
        </Loaded>
      </Section>
      <Modal opened={mayWrite && parent !== undefined} onClose={() => show()} title={`New under ${parent?.name ?? ""}`}>
        {parent && <NodeForm parent={parent} onDone={() => show()} />}
      </Modal>
    </Page>
  );
}
