import { Avatar, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useState } from "react";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { useMe } from "@/api/session";
import { membersQuery } from "@/api/members";
import type { NamedRef } from "@/api/types";

/** Who something belongs to; a dash when it is nobody's. */
export function Person({ person }: { person: NamedRef | null | undefined }) {
  if (!person) return <span className="dim">–</span>;
  return (
    <Group gap={6} wrap="nowrap">
      <Avatar size={18} name={person.name} color="gray" radius="xl" aria-hidden />
      <span className="truncate">{person.name}</span>
    </Group>
  );
}

interface AssignProps {
  onAssign: (userId: string | null) => void;
  children: ReactElement;
}

/** A menu of people. Those who may not list the members can still take something or let it go. */
export function AssignMenu({ onAssign, children }: AssignProps) {
  const me = useMe();
  const [opened, setOpened] = useState(false);
  const mayList = usePermission("members:read");
  const members = useInfiniteQuery({ ...membersQuery, enabled: mayList && opened });
  const others = rowsOf(members.data, (member) => member.user_id).filter(
    (member) => member.status === "active" && member.user_id !== me.user?.id,
  );
  return (
    <Menu opened={opened} onChange={setOpened} width={220}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {me.user && <Menu.Item onClick={() => onAssign(me.user?.id ?? null)}>Me ({me.user.name ?? me.user.email})</Menu.Item>}
        <Menu.Item onClick={() => onAssign(null)}>Nobody</Menu.Item>
        {others.length > 0 && <Menu.Divider />}
        {others.map((member) => (
          <Menu.Item key={member.user_id} onClick={() => onAssign(member.user_id)}>
            {member.name ?? member.email}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The owner of something, as a button that hands it to somebody else. */
export function Assignee({ person, onAssign }: { person: NamedRef | null | undefined; onAssign: ((id: string | null) => void) | null }) {
  if (!onAssign) return <Person person={person} />;
  return (
    <AssignMenu onAssign={onAssign}>
      <UnstyledButton fz="inherit" aria-label={`Assigned to ${person?.name ?? "nobody"}, change`}>
        {person ? (
          <Person person={person} />
        ) : (
          <Group gap={6} c="dimmed">
            <IconUserPlus size={14} />
            <Text inherit>Assign</Text>
          </Group>
        )}
      </UnstyledButton>
    </AssignMenu>
  );
}
