import { ActionIcon, Button, Group, Modal, MultiSelect, Select, Stack, Text, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRemoveNodeRole, useSetNodeRole, useUpdateMember } from "@/api/members";
import { useMe } from "@/api/session";
import type { Member, MemberNode, Role } from "@/api/types";
import { NodeSelect } from "@/components/NodeSelect";
import { useIsDivided } from "@/components/owner";
import { PERMISSION_CHOICES, ROLE_CHOICES } from "@/components/roles";
import { confirm } from "@/ui/confirm";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { nameOf } from "./columns";

const NO_ROLE = { value: "", label: "None: acts in single teams only" };

/** What somebody may do: in the whole organization, and at nodes of its tree. Each change counts at once. */
export function RolesDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const update = useUpdateMember();
  const said = { onSuccess: () => notifyDone("It counts from their next request on"), onError: (error: unknown) => notifyFailure("The role was not changed", error) };
  const divided = useIsDivided();
  const own = useMe().user?.id === member.user_id;
  const set = (role: Role | null) => update.mutate({ user_id: member.user_id, role }, said);
  const choose = (value: string | null) => {
    if (value === null || value === (member.role ?? "")) return;
    const role = (value || null) as Role | null;
    if (!own) return set(role);
    confirm({
      title: "Change your own role?",
      body: "What the new role does not include you lose at once. Another admin can give it back.",
      action: "Change my role",
      onConfirm: () => set(role),
    });
  };
  return (
    <Modal opened onClose={onClose} title={`Roles of ${nameOf(member)}`} size="lg">
      <Stack gap="md">
        <Select
          label="In the whole organization"
          data={[...ROLE_CHOICES, NO_ROLE]}
          value={member.role ?? ""}
          allowDeselect={false}
          disabled={update.isPending}
          onChange={choose}
        />
        <div>
          <Title order={3}>In units and teams</Title>
          <Text c="dimmed" size="xs">A role here counts there and in everything below, beside the one above.</Text>
        </div>
        {member.nodes.map((node) => <NodeRoleRow key={node.node_id} member={member} node={node} />)}
        {divided ? <AddNodeRole member={member} /> : <Text c="dimmed">There are none yet; add them under <Link to="/teams">Teams</Link>.</Text>}
        <Group justify="end"><Button variant="default" onClick={onClose}>Close</Button></Group>
      </Stack>
    </Modal>
  );
}

function NodeRoleRow({ member, node }: { member: Member; node: MemberNode }) {
  const set = useSetNodeRole();
  const remove = useRemoveNodeRole();
  const said = { onSuccess: () => notifyDone("It counts from their next request on"), onError: (error: unknown) => notifyFailure(`The role at ${node.name} was not changed`, error) };
  // What was chosen a moment ago counts already, so that the next choice is made on top of it.
  const { role, permissions } = set.isPending ? set.variables : node;
  const change = (next: Partial<Pick<MemberNode, "role" | "permissions">>) =>
    set.mutate({ user_id: member.user_id, node_id: node.node_id, role, permissions, ...next }, said);
  return (
    <Group gap="xs" align="end">
      <Select
        label={node.name}
        data={[...ROLE_CHOICES, { value: "", label: "No role" }]}
        value={role ?? ""}
        allowDeselect={false}
        style={{ flex: "1 1 130px" }}
        onChange={(value) => value !== null && change({ role: (value || null) as Role | null })}
      />
      <MultiSelect
        label="And also"
        aria-label={`Single rights at ${node.name}`}
        data={PERMISSION_CHOICES}
        placeholder={permissions.length > 0 ? undefined : "No single rights"}
        value={permissions}
        searchable
        style={{ flex: "3 1 220px" }}
        onChange={(value) => change({ permissions: value })}
      />
      <ActionIcon
        size={30}
        aria-label={`Take away the role at ${node.name}`}
        loading={remove.isPending}
        onClick={() => remove.mutate({ user_id: member.user_id, node_id: node.node_id }, said)}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  );
}

function AddNodeRole({ member }: { member: Member }) {
  const set = useSetNodeRole();
  const [node, setNode] = useState<string | null>(null);
  const [role, setRole] = useState<string>("member");
  const taken = member.nodes.map(({ node_id }) => node_id);
  const add = () =>
    node &&
    set.mutate(
      { user_id: member.user_id, node_id: node, role: role as Role, permissions: [] },
      {
        onSuccess: () => {
          setNode(null);
          notifyDone("It counts from their next request on");
        },
        onError: (error) => notifyFailure("The role was not given", error),
      },
    );
  return (
    <Group gap="xs" align="end">
      <NodeSelect label="Add a unit or team" value={node} onChange={setNode} without={taken} style={{ flex: "3 1 180px" }} placeholder="Choose one" />
      <Select label="Role" data={ROLE_CHOICES} value={role} allowDeselect={false} style={{ flex: "1 1 130px" }} onChange={(value) => value && setRole(value)} />
      <Button variant="default" disabled={!node} loading={set.isPending} onClick={add}>Add</Button>
    </Group>
  );
}
