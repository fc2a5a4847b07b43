import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import { IconMailQuestion } from "@tabler/icons-react";
import { type FormEvent, useRef, useState } from "react";
import { describeError } from "@/api/client";
import { useAskReceiverAgain, useConfirmReceiver } from "@/api/receivers";
import { usePermission } from "@/api/rights";
import type { Receiver } from "@/api/types";
import { MONO } from "@/ui/mono";
import { notifyDone, notifyFailure } from "@/ui/notify";
import classes from "./Confirmation.module.css";
import { sentence } from "./refusal";

/** Whoever reads the mail of the address agrees by giving away the code that was sent there. */
export function Confirmation({ receiver }: { receiver: Receiver }) {
  const mayWrite = usePermission("receivers:write", { node: receiver.node_id });
  return (
    <Alert color="yellow" icon={<IconMailQuestion size={16} />} title="Nothing is told here yet">
      {receiver.confirmation_error ? (
        <>
          <Text size="sm">The code could not be mailed to {receiver.destination_id}. Correct the address, or send another code.</Text>
          <Text size="sm" className={classes.error}>{receiver.confirmation_error}</Text>
        </>
      ) : (
        <Text size="sm">A code was mailed to {receiver.destination_id}. Ask whoever reads that mail for it; it fits for a day.</Text>
      )}
      {mayWrite && <CodeForm receiver={receiver} />}
    </Alert>
  );
}

function CodeForm({ receiver }: { receiver: Receiver }) {
  const [code, setCode] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const confirm = useConfirmReceiver(receiver.id);
  const again = useAskReceiverAgain(receiver.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code, {
      onSuccess: () => notifyDone(`${receiver.name} is told from now on`),
      onError: () => field.current?.select(),
    });
  };
  const type = (text: string) => {
    setCode(text);
    confirm.reset();
  };
  const ask = () =>
    again.mutate(undefined, {
      onSuccess: () => {
        type("");
        notifyDone("Another code is on its way: only that one fits now");
      },
      onError: (error) => notifyFailure("No other code was sent", error),
    });
  return (
    <form onSubmit={submit} autoComplete="off">
      <TextInput
        ref={field}
        label="Code"
        w={160}
        mt="xs"
        maxLength={20}
        classNames={MONO}
        autoCapitalize="off"
        spellCheck={false}
        value={code}
        error={confirm.isError}
        aria-describedby={confirm.isError ? "code-refused" : undefined}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {confirm.isError && <Text id="code-refused" role="alert" size="xs" mt={4} className={classes.error}>{sentence(describeError(confirm.error))}.</Text>}
      <Group gap="xs" mt="xs">
        <Button type="submit" disabled={!code.trim()} loading={confirm.isPending}>Confirm</Button>
        <Button variant="default" loading={again.isPending} onClick={ask}>Send another code</Button>
      </Group>
    </form>
  );
}
