import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { ApiError } from "@/api/client";
import { describeRefusal } from "./refusal";

/** Why somebody was not let in. */
export function Refusal({ error, at }: { error: unknown; at: number }) {
  if (!error) return null;
  const locked = error instanceof ApiError && error.code === "sign_in_locked";
  return (
    <Alert color={locked ? "orange" : "red"} icon={locked ? <IconLock size={16} /> : <IconAlertTriangle size={16} />} role="alert">
      {describeRefusal(error, new Date(at))}
    </Alert>
  );
}
