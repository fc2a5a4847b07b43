import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { myInvitationsQuery, useAcceptMyInvitation, useDeclineMyInvitation } from "@/api/account";
import { useSwitchOrganization } from "@/api/session";
import type { MyInvitation } from "@/api/types";
import { roleName } from "@/components/roles";
import { confirm } from "@/ui/confirm";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Time } from "@/ui/Time";

/** What other organizations invite the person to. Nothing is shown while there is none. */
export function MyInvitations({ proved }: { proved: boolean }) {
  const { data } = useQuery({ ...myInvitationsQuery, enabled: proved });
  if (!data || data.items.length === 0) return null;
  return (
    <Section title="Invitations to you">
      <Stack gap="md">{data.items.map((invitation) => <Row key={invitation.id} invitation={invitation} />)}</Stack>
    </Section>
  );
}

function Row({ invitation }: { invitation: MyInvitation }) {
  const accept = useAcceptMyInvitation();
  const decline = useDeclineMyInvitation();
  const enter = useSwitchOrganization();
  const join = () =>
    accept.mutate(invitation.id, {
      onSuccess: ({ organization }) => {
        notifyDone(
          <Group gap="xs">
            You joined {invitation.organization}
            <Button size="compact-xs" variant="default" onClick={() => enter.mutate(organization)}>Go there</Button>
          </Group>,
        );
      },
      onError: (error) => notifyFailure("You did not join", error),
    });
  const askDecline = () =>
    confirm({
      title: `Decline the invitation to ${invitation.organization}?`,
      body: "To join later you need another one.",
      action: "Decline",
      onConfirm: () => decline.mutate(invitation.id, { onError: (error) => notifyFailure("The invitation was not declined", error) }),
    });
  return (
    <Group justify="space-between">
      <div>
        <Text fw={500}>{invitation.organization}</Text>
        <Text c="dimmed" size="xs">
          {roleName(invitation.role)}
          {invitation.invited_by && `, invited by ${invitation.invited_by}`}, expires <Time at={invitation.expires_at} />
        </Text>
      </div>
      <Group gap="xs">
        <Button variant="default" size="compact-sm" onClick={askDecline}>Decline</Button>
        <Button size="compact-sm" loading={accept.isPending} onClick={join}>Join</Button>
      </Group>
    </Group>
  );
}
