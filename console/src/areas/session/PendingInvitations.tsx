import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { supabaseInvitationsQuery, useAcceptWithSupabase } from "@/api/supabase-sign-in";
import { roleName } from "@/components/roles";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { Card, GuestPage } from "./GuestPage";
import { Refusal } from "./Refusal";

/** Somebody whom Supabase knows, and who is in no organization yet: they choose which invitation to accept. */
export function PendingInvitations({ token, onSignedIn, onBack }: { token: string; onSignedIn: () => void; onBack: () => void }) {
  const query = useQuery(supabaseInvitationsQuery(token));
  const accept = useAcceptWithSupabase(token);
  return (
    <GuestPage title="You are invited">
      <Card>
        <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
          {({ items }) => (
            <Stack gap="md">
              <Refusal error={accept.error} at={accept.submittedAt} />
              {items.length === 0 && <Text>No invitation is open any more. Ask for another.</Text>}
              {items.map((invitation) => (
                <Group key={invitation.id} justify="space-between" wrap="nowrap">
                  <div style={{ minWidth: 0 }}>
                    <Text fw={500} className="truncate">{invitation.organization}</Text>
                    <Text c="dimmed" size="xs">
                      {roleName(invitation.role)}
                      {invitation.invited_by && `, invited by ${invitation.invited_by}`}
                    </Text>
                  </div>
                  <Button
                    loading={accept.isPending && accept.variables === invitation.id}
                    disabled={accept.isPending}
                    onClick={() => accept.mutate(invitation.id, { onSuccess: onSignedIn })}
                  >
                    Join
                  </Button>
                </Group>
              ))}
              <Button variant="subtle" size="compact-xs" onClick={onBack}>Back to sign-in</Button>
            </Stack>
          )}
        </Loaded>
      </Card>
    </GuestPage>
  );
}
