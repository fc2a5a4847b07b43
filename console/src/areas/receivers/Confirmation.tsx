import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAskReceiverAgain, useConfirmReceiver } from "@/api/receivers";
import type { Receiver } from "@/api/types";
import { Can } from "@/components/Can";
import { MONO } from "@/ui/mono";
import { notifyDone, notifyFailure } from "@/ui/notify";

/** Whoever reads the mail of the address agrees by giving away the code that was sent there. */
export function Confirmation({ receiver }: { receiver: Receiver }) {
  const [code, setCode] = useState("");
  const confirm = useConfirmReceiver(receiver.id);
  const again = useAskReceiverAgain(receiver.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code, {
      onSuccess: () => notifyDone(`${receiver.name} is told from now on`),
      onError: (error) => notifyFailure("The address was not confirmed", error),
    });
  };
  const ask = () =>
    again.mutate(undefined, {
      onSuccess: () => notifyDone("Another code is on its way"),
      onError: (error) => notifyFailure("No other code was sent", error),
    });
  return (
    <Alert color="yellow" icon={<IconMailQuestion size={16} />} title="Nothing is told here yet">
      <Text size="sm">
        A code was mailed to {receiver.destination_id}. Ask whoever reads that mail for it; it fits for a day.
      </Text>
      {receiver.confirmation_error && <Text size="sm" c="red">{receiver.confirmation_error}</Text>}
      <Can permission="receivers:write" where={{ node: receiver.node_id }}>
        <form onSubmit={submit} autoComplete="off">
          <Group gap="xs" mt="xs" align="end">
            <TextInput label="Code" w={160} maxLength={20} classNames={MONO} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
            <Button type="submit" disabled={!code.trim()} loading={confirm.isPending}>Confirm</Button>
            <Button variant="default" loading={again.isPending} onClick={ask}>Send another code</Button>
          </Group>
        </form>
      </Can>
    </Alert>
  );
}
