import { Avatar, Badge, Group, Tooltip } from "@mantine/core";
import type { Member } from "@/api/types";
import { ActiveTag } from "@/components/badges";
import { roleName } from "@/components/roles";
import type { Column } from "@/ui/DataTable";
import { humanize } from "@/ui/format";
import { Time } from "@/ui/Time";
import { MemberMenu } from "./MemberMenu";

export function nameOf(member: Pick<Member, "name" | "email">): string {
  return member.name ?? member.email;
}

function Who({ member }: { member: Member }) {
  return (
    <Group gap={10} wrap="nowrap">
      <Avatar size={26} name={nameOf(member)} color="gray" radius="xl" aria-hidden />
      <div style={{ minWidth: 0 }}>
        <div style={{ fontWeight: 500 }}>{nameOf(member)}</div>
        <div className="dim truncate">
          {member.email}
          {!member.email_verified && (
            <Tooltip label="Came by a link that was handed over: nobody proved the address, and the account works in this organization only">
              <span> · not proved</span>
            </Tooltip>
          )}
        </div>
      </div>
    </Group>
  );
}

/** The role in the organization, and what they are at nodes beside it. */
function Roles({ member }: { member: Member }) {
  return (
    <Group gap={4}>
      {member.role ? <span>{roleName(member.role)}</span> : member.nodes.length === 0 && <span className="dim">No role</span>}
      {member.nodes.map((node) => (
        <Tooltip key={node.node_id} label={`At ${node.name} and below${node.permissions.length ? `: also ${node.permissions.join(", ")}` : ""}`}>
          <Badge variant="default" size="sm" tt="none" fw={500} maw={200}>
            {node.role ? roleName(node.role) : "Single rights"} · {node.name}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  );
}

export const MEMBER_COLUMNS: Column<Member>[] = [
  { key: "name", title: "Member", cell: (member) => <Who member={member} /> },
  { key: "role", title: "Role", width: 220, cell: (member) => <Roles member={member} /> },
  { key: "status", title: "Status", width: 100, cell: (member) => <ActiveTag status={member.status} /> },
  { key: "provider", title: "Signs in with", width: 120, cell: (member) => <span className="dim">{member.auth_provider === "local" ? "Password" : humanize(member.auth_provider)}</span>, optional: true, room: "much" },
  { key: "seen", title: "Last sign-in", width: 110, align: "right", cell: (member) => <span className="dim"><Time at={member.last_sign_in_at} /></span>, optional: true, room: "some" },
  { key: "actions", title: "", width: 50, align: "right", cell: (member) => <MemberMenu member={member} /> },
];
