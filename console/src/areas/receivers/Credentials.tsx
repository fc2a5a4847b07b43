import { useQuery } from "@tanstack/react-query";
import { receiverQueries, useForgetCredentials, useRestoreCredential } from "@/api/receivers";
import type { Receiver, ReceiverCredential } from "@/api/types";
import { SecretVersions } from "@/components/SecretVersions";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { channelOf, credentialsOf } from "./draft";

/** The stored credentials of a receiver, with the versions that count; nothing for a channel that needs none. */
export function Credentials({ receiver }: { receiver: Receiver }) {
  const query = useQuery(receiverQueries.credentials(receiver.id));
  const { data: channels, isPending } = useQuery(receiverQueries.channels);
  const channel = channelOf(channels ?? [], receiver);
  if (isPending || (channel && credentialsOf(channel).length === 0)) return null;
  return (
    <Section title="Credentials">
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {(stored) => stored.map((one) => <Credential key={one.credential} receiver={receiver} stored={one} />)}
      </Loaded>
    </Section>
  );
}

function Credential({ receiver, stored: { credential, versions } }: { receiver: Receiver; stored: ReceiverCredential }) {
  const changes = { restore: useRestoreCredential(receiver.id, credential), forget: useForgetCredentials(receiver.id, credential) };
  return <SecretVersions name={credential} versions={versions} changes={changes} permission="receivers:write" where={{ node: receiver.node_id }} />;
}
