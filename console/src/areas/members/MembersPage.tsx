import { Avatar, Button, Group, Menu, ActionIcon, Modal, Select } from "@mantine/core";
import { IconDots, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { rowsOf } from "@/api/paging";
import { useMe, usePermission } from "@/api/session";
import { membersQuery, useRemoveMember, useUpdateMember } from "@/api/tenancy";
import type { Member, Role } from "@/api/types";
import { ActiveTag } from "@/components/badges";
import { Can } from "@/components/Can";
import { Page } from "@/components/Page";
import { ROLE_CHOICES } from "@/components/roles";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { humanize } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { InviteForm } from "./InviteForm";

export function MembersPage() {
  const { invite } = useSearch({ from: "/app/members" });
  const navigate = useNavigate();
  const mayWrite = usePermission("members:write");
  const query = useInfiniteQuery({ ...membersQuery, enabled: usePermission("members:read") });
  const show = (open: boolean) => void navigate({ to: "/members", search: open ? { invite: "yes" } : {} });
  const action = (
    <Can permission="members:write">
      <Button leftSection={<IconUserPlus size={14} />} onClick={() => show(true)}>Invite</Button>
    </Can>
  );
  return (
    <Page title="Members" permission="members:read" actions={action}>
      <Section title="People of this organization" flush>
        <Loaded query={query}>
          {(data) => {
            const members = rowsOf(data, (member) => member.user_id);
            if (members.length === 0) return <Empty icon={IconUsers} title="No members yet" />;
            return <DataTable label="Members" columns={columns} rows={members} rowKey={(member) => member.user_id} more={query} />;
          }}
        </Loaded>
      </Section>
      <Modal opened={mayWrite && invite === "yes"} onClose={() => show(false)} title="Invite a member">
        <InviteForm onDone={() => show(false)} />
      </Modal>
    </Page>
  );
}

function nameOf(member: Member): string {
  return member.name ?? member.email;
}

const columns: Column<Member>[] = [
  {
    key: "name",
    title: "Member",
    cell: (member) => (
      <Group gap={10} wrap="nowrap">
        <Avatar size={26} name={nameOf(member)} color="gray" radius="xl" aria-hidden />
        <div style={{ minWidth: 0 }}>
          <div style={{ fontWeight: 500 }}>{nameOf(member)}</div>
          <div className="dim truncate">{member.email}</div>
        </div>
      </Group>
    ),
  },
  { key: "role", title: "Role", width: 140, cell: (member) => <RoleCell member={member} /> },
  { key: "status", title: "Status", width: 100, cell: (member) => <ActiveTag status={member.status} />, optional: true },
  { key: "provider", title: "Signs in with", width: 120, cell: (member) => <span className="dim">{humanize(member.auth_provider)}</span>, optional: true },
  { key: "seen", title: "Last sign-in", width: 110, align: "right", cell: (member) => <span className="dim"><Time at={member.last_sign_in_at} /></span>, optional: true },
  { key: "actions", title: "", width: 50, align: "right", cell: (member) => <MemberMenu member={member} /> },
];

function useMemberUpdate() {
  const update = useUpdateMember();
  return (change: { user_id: string; role?: Role; status?: "active" | "inactive" }) =>
    update.mutate(change, {
      onSuccess: () => notifyDone("Member changed"),
      onError: (error) => notifyFailure("The member was not changed", error),
    });
}

function RoleCell({ member }: { member: Member }) {
  const mayWrite = usePermission("members:write");
  const update = useMemberUpdate();
  if (!mayWrite) return humanize(member.role);
  return (
    <Select
      aria-label={`Role of ${nameOf(member)}`}
      w={128}
      data={ROLE_CHOICES}
      value={member.role}
      onChange={(role) => role && role !== member.role && update({ user_id: member.user_id, role: role as Role })}
    />
  );
}

function MemberMenu({ member }: { member: Member }) {
  const me = useMe();
  const mayWrite = usePermission("members:write");
  const update = useMemberUpdate();
  const remove = useRemoveMember();
  if (!mayWrite || member.user_id === me.user?.id) return null;
  const active = member.status === "active";
  const askRemove = () =>
    confirm({
      title: `Remove ${nameOf(member)}?`,
      body: "They lose access to this organization at once. What they did stays in the record.",
      action: "Remove member",
      onConfirm: () =>
        remove.mutate(member.user_id, {
          onSuccess: () => notifyDone("Member removed"),
          onError: (error) => notifyFailure("The member was not removed", error),
        }),
    });
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${nameOf(member)}`}><IconDots size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => update({ user_id: member.user_id, status: active ? "inactive" : "active" })}>
          {active ? "Deactivate" : "Activate"}
        </Menu.Item>
        <Menu.Item onClick={askRemove}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
