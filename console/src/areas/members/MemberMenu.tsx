import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconShieldCog, IconUserOff, IconUserCheck, IconUserMinus } from "@tabler/icons-react";
import { useState } from "react";
import { useRemoveMember, useUpdateMember } from "@/api/members";
import { usePermission } from "@/api/rights";
import { useMe } from "@/api/session";
import type { Member } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { nameOf } from "./columns";
import { RolesDialog } from "./RolesDialog";

/** What an admin can do with a member. */
export function MemberMenu({ member }: { member: Member }) {
  const me = useMe();
  const mayWrite = usePermission("members:write");
  const update = useUpdateMember();
  const remove = useRemoveMember();
  const [editing, setEditing] = useState(false);
  if (!mayWrite) return null;
  const own = member.user_id === me.user?.id;
  const active = member.status === "active";
  const setStatus = (status: "active" | "inactive") =>
    update.mutate(
      { user_id: member.user_id, status },
      {
        onSuccess: () => notifyDone(active ? `${nameOf(member)} is inactive` : `${nameOf(member)} is active again`),
        onError: (error) => notifyFailure("The member was not changed", error),
      },
    );
  const askDeactivate = () =>
    confirm({
      title: `Deactivate ${nameOf(member)}?`,
      body: "They are signed out here at once, and their tokens rest. You can activate them again.",
      action: "Deactivate",
      onConfirm: () => setStatus("inactive"),
    });
  const askRemove = () =>
    confirm({
      title: `Remove ${nameOf(member)}?`,
      body: `They lose access at once, and their own tokens end. What they did stays in the record. ${
        member.email_verified ? "To come back they need an invitation." : "Their account works in this organization only and goes with it."
      }`,
      action: "Remove member",
      onConfirm: () =>
        remove.mutate(member.user_id, {
          onSuccess: () => notifyDone("Member removed"),
          onError: (error) => notifyFailure("The member was not removed", error),
        }),
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${nameOf(member)}`}><IconDots size={16} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconShieldCog size={14} />} onClick={() => setEditing(true)}>Roles…</Menu.Item>
          {!own && (
            <>
              {active ? (
                <Menu.Item leftSection={<IconUserOff size={14} />} onClick={askDeactivate}>Deactivate…</Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconUserCheck size={14} />} onClick={() => setStatus("active")}>Activate</Menu.Item>
              )}
              <Menu.Item leftSection={<IconUserMinus size={14} />} onClick={askRemove}>Remove…</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {editing && <RolesDialog member={member} onClose={() => setEditing(false)} />}
    </>
  );
}
