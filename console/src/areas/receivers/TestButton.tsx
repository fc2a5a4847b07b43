import { Button, type ButtonProps } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useTestReceiver } from "@/api/receivers";
import type { Receiver } from "@/api/types";
import { Can } from "@/components/Can";
import { notifyDone, notifyFailure } from "@/ui/notify";

/** Sends a test message and tells whether it arrived. */
export function TestButton({ receiver, size }: { receiver: Receiver; size?: ButtonProps["size"] }) {
  const test = useTestReceiver();
  const send = () =>
    test.mutate(receiver.id, {
      onSuccess: ({ ok, error }) =>
        ok ? notifyDone(`${receiver.name} took the test message`) : notifyFailure(`${receiver.name} did not take it`, new Error(error ?? "Unknown reason")),
      onError: (error) => notifyFailure("The test message was not sent", error),
    });
  return (
    <Can permission="receivers:write" where={{ node: receiver.node_id }}>
      <Button variant="default" size={size} leftSection={<IconSend size={13} />} loading={test.isPending} onClick={send}>
        Send test
      </Button>
    </Can>
  );
}
