import { Alert, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { IconBroadcastOff } from "@tabler/icons-react";
import type { Overview } from "@/api/types";
import { plural } from "@/ui/format";
import { Time } from "@/ui/Time";

/** Receivers that nobody hears from; shown only when there are any. */
export function FailingReceivers({ receivers }: { receivers: Overview["failing_receivers"] }) {
  if (receivers.length === 0) return null;
  return (
    <Alert color="red" icon={<IconBroadcastOff size={16} />} title={`${plural(receivers.length, "receiver")} cannot be reached`}>
      <Stack gap={2}>
        {receivers.map((receiver) => (
          <Text key={receiver.id}>
            <Link to="/receivers/$receiverId" params={{ receiverId: receiver.id }}>{receiver.name}</Link>
            {receiver.last_error && `: ${receiver.last_error}`} ({plural(receiver.consecutive_failures, "failure")} in a row, last{" "}
            <Time at={receiver.last_failed_at} />)
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}
