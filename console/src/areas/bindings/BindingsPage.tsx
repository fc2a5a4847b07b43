import { ActionIcon, Button, Drawer, Group, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconRouteSquare, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { rowsOf } from "@/api/paging";
import { may, usePermission, useTree } from "@/api/rights";
import { useMe } from "@/api/session";
import { bindingsQuery, useDeleteBinding } from "@/api/skills";
import type { Binding } from "@/api/types";
import { Can } from "@/components/Can";
import { useOwnerColumn } from "@/components/owner";
import { Page } from "@/components/Page";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { BindingForm } from "./BindingForm";

export function BindingsPage() {
  const navigate = useNavigate();
  const add = () => void navigate({ to: "/bindings", search: { edit: "new" } });
  const action = (
    <Can permission="skills:write">
      <Button leftSection={<IconPlus size={14} />} onClick={add}>New binding</Button>
    </Can>
  );
  return (
    <Page title="Bindings" permission="skills:read" actions={action}>
      <BindingList />
    </Page>
  );
}

function BindingList() {
  const { edit } = useSearch({ from: "/app/bindings" });
  const navigate = useNavigate();
  const mayWrite = usePermission("skills:write");
  const me = useMe();
  const tree = useTree();
  const query = useInfiniteQuery(bindingsQuery);
  const ownerColumn = useOwnerColumn<Binding>();
  const remove = useDeleteBinding();
  const bindings = rowsOf(query.data, (binding) => binding.id).toSorted((a, b) => b.priority - a.priority);
  const edited = bindings.find((binding) => binding.id === edit) ?? null;
  const show = (id?: string) => void navigate({ to: "/bindings", search: id ? { edit: id } : {} });
  const askDelete = (binding: Binding) =>
    confirm({
      title: "Delete this binding?",
      body: <>Alerts that match <span className="mono">{binding.alert_pattern}</span> will be matched by meaning instead.</>,
      action: "Delete binding",
      onConfirm: () =>
        remove.mutate(binding.id, {
          onSuccess: () => notifyDone("Binding deleted"),
          onError: (error) => notifyFailure("The binding was not deleted", error),
        }),
    });
  const columns: Column<Binding>[] = [
    { key: "priority", title: "Priority", width: 70, align: "right", cell: (binding) => binding.priority },
    { key: "pattern", title: "When an alert matches", main: true, cell: (binding) => <span className="mono" style={{ overflowWrap: "anywhere" }}>{binding.alert_pattern}</span> },
    { key: "skill", title: "Use the skill", cell: (binding) => <Link to="/skills/$skillId" params={{ skillId: binding.skill.id }}>{binding.skill.name}</Link> },
    ...ownerColumn,
    { key: "created", title: "Created", room: "much", width: 90, align: "right", cell: (binding) => <span className="dim"><Time at={binding.created_at} /></span>, optional: true },
    ...(mayWrite ? [{
      key: "actions",
      title: "",
      width: 72,
      align: "right" as const,
      // A binding is its skill's owner's.
      cell: (binding: Binding) => may(me, "skills:write", { node: binding.node_id }, tree) && (
        <Group gap={2} justify="end" wrap="nowrap">
          <ActionIcon aria-label={`Edit ${binding.alert_pattern}`} onClick={() => show(binding.id)}><IconPencil size={15} /></ActionIcon>
          <ActionIcon aria-label={`Delete ${binding.alert_pattern}`} onClick={() => askDelete(binding)}><IconTrash size={15} /></ActionIcon>
        </Group>
      ),
    }] : []),
  ];
  return (
    <>
      <Section title="In the order they are tried" aside={<Text c="dimmed">The first match wins</Text>} flush>
        <Loaded query={query}>
          {() => bindings.length > 0 ? (
            <DataTable label="Bindings" columns={columns} rows={bindings} rowKey={(binding) => binding.id} more={query} />
          ) : (
            <Empty icon={IconRouteSquare} title="No bindings yet">
              A binding ties alerts to a skill by a keyword or a /regular expression/. Without one, skills are matched by meaning.
            </Empty>
          )}
        </Loaded>
      </Section>
      <Drawer opened={mayWrite && (edit === "new" || edited !== null)} onClose={() => show()} size="xl" title={edited ? "Edit binding" : "New binding"}>
        <BindingForm key={edited?.id ?? "new"} binding={edited} onSaved={() => show()} />
      </Drawer>
    </>
  );
}
