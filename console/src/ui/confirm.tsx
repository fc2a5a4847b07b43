import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";

interface Question {
  title: string;
  body: ReactNode;
  action: string;
  /** The word on the other button, where "Cancel" could be either. */
  keep?: string;
  onConfirm: () => void;
}

/** Asks before something is done that cannot be undone. */
export function confirm({ title, body, action, keep = "Cancel", onConfirm }: Question): void {
  modals.openConfirmModal({
    title,
    children: <Text component="div">{body}</Text>,
    labels: { confirm: action, cancel: keep },
    confirmProps: { color: "red" },
    onConfirm,
  });
}
