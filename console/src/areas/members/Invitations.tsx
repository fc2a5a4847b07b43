import { ActionIcon, Menu, Modal, Text } from "@mantine/core";
import { IconDots, IconLink, IconMail, IconMailOff } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { invitationsQuery, useResendInvitation, useRevokeInvitation } from "@/api/members";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { authMethodsQuery } from "@/api/session";
import type { Invitation, Invited, InvitationDelivery } from "@/api/types";
import { NodeName } from "@/components/NodeSelect";
import { roleName } from "@/components/roles";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { humanize } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { LinkOnce } from "./LinkOnce";

/** Who was invited, and what became of it. */
export function Invitations() {
  const mayRead = usePermission("members:read", "everywhere");
  const query = useInfiniteQuery({ ...invitationsQuery, enabled: mayRead });
  if (!mayRead) return null;
  return (
    <Section title="Invitations" flush>
      <Loaded query={query}>
        {(data) => {
          const rows = rowsOf(data, (invitation) => invitation.id);
          if (rows.length === 0) return <Text c="dimmed" p="md">Nobody is invited. People come by invitation, and choose their own password.</Text>;
          return <DataTable label="Invitations" columns={COLUMNS} rows={rows} rowKey={(invitation) => invitation.id} more={query} />;
        }}
      </Loaded>
    </Section>
  );
}

const TONES: Record<string, "ok" | "medium" | "neutral" | "low"> = { pending: "low", expired: "medium", accepted: "ok" };

/** Why the mail of an open invitation did not go, in the mail server's words. */
const sendErrorOf = ({ state, send_error }: Invitation) => (state === "pending" ? send_error : null);

function StateCell({ invitation }: { invitation: Invitation }) {
  if (sendErrorOf(invitation)) return <Tag tone="high">Not sent</Tag>;
  return <Tag tone={TONES[invitation.state] ?? "neutral"}>{humanize(invitation.state)}</Tag>;
}

function Sent({ invitation }: { invitation: Invitation }) {
  if (invitation.delivery === "link") return <>Handed over</>;
  return invitation.sent_at ? <>Mailed <Time at={invitation.sent_at} /></> : <>By mail</>;
}

const COLUMNS: Column<Invitation>[] = [
  {
    key: "email",
    title: "Address",
    cell: (invitation) => (
      <div style={{ minWidth: 0 }}>
        <div className="truncate" style={{ fontWeight: 500 }}>{invitation.email}</div>
        <div className="dim">
          {roleName(invitation.role)}
          {invitation.node_id && <> · <NodeName id={invitation.node_id} /></>}
        </div>
        {sendErrorOf(invitation) && <Text size="xs" style={{ overflowWrap: "anywhere" }}>The mail was not taken: {sendErrorOf(invitation)}</Text>}
      </div>
    ),
  },
  { key: "state", title: "State", width: 110, cell: (invitation) => <StateCell invitation={invitation} /> },
  { key: "sent", title: "Link", width: 150, cell: (invitation) => <span className="dim"><Sent invitation={invitation} /></span>, optional: true, room: "much" },
  { key: "by", title: "Invited by", width: 150, cell: (invitation) => <span className="dim">{invitation.invited_by ?? "–"}</span>, optional: true, room: "much" },
  { key: "expires", title: "Expires", width: 110, align: "right", cell: (invitation) => <span className="dim">{invitation.state === "pending" ? <Time at={invitation.expires_at} /> : "–"}</span>, optional: true, room: "some" },
  { key: "actions", title: "", width: 50, align: "right", cell: (invitation) => <InvitationMenu invitation={invitation} /> },
];

function InvitationMenu({ invitation }: { invitation: Invitation }) {
  const mayWrite = usePermission("members:write");
  const { data: methods } = useQuery(authMethodsQuery);
  const resend = useResendInvitation();
  const revoke = useRevokeInvitation();
  const [shown, setShown] = useState<Invited | null>(null);
  const open = invitation.state === "pending" || invitation.state === "expired";
  const again = (delivery: InvitationDelivery) =>
    resend.mutate(
      { id: invitation.id, delivery },
      {
        onSuccess: (next) => (next.link ? setShown(next) : notifyDone(`A new link is on its way to ${invitation.email}`)),
        onError: (error) => notifyFailure("There is no new link", error),
      },
    );
  const askRevoke = () =>
    confirm({
      title: `Take the invitation of ${invitation.email} back?`,
      body: "Its link opens nothing any more. You can invite them again.",
      action: "Revoke invitation",
      onConfirm: () =>
        revoke.mutate(invitation.id, {
          onSuccess: () => notifyDone("Invitation revoked"),
          onError: (error) => notifyFailure("The invitation was not revoked", error),
        }),
    });
  return (
    <>
      {mayWrite && open && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`Actions for the invitation of ${invitation.email}`} loading={resend.isPending}><IconDots size={16} /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {methods?.mail && <Menu.Item leftSection={<IconMail size={14} />} onClick={() => again("mail")}>Mail a new link</Menu.Item>}
            <Menu.Item leftSection={<IconLink size={14} />} onClick={() => again("link")}>Show me a new link</Menu.Item>
            <Menu.Item leftSection={<IconMailOff size={14} />} onClick={askRevoke}>Revoke…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal opened={shown !== null} onClose={() => setShown(null)} title="Hand over the link now" closeOnClickOutside={false} closeOnEscape={false} size="lg">
        {shown?.link && <LinkOnce email={shown.email} link={shown.link} onDone={() => setShown(null)} />}
      </Modal>
    </>
  );
}
