import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { ApiError, describeError } from "@/api/client";

const closeButtonProps = { "aria-label": "Dismiss" };

export function notifyDone(message: ReactNode): void {
  notifications.show({ message, color: "petrol", closeButtonProps });
}

/** Says what failed, with the code to look it up. */
export function notifyFailure(title: string, error: unknown): void {
  if (error instanceof ApiError && error.told) return;
  const code = error instanceof ApiError ? ` (${error.code})` : "";
  notifications.show({ title, message: describeError(error) + code, color: "red", autoClose: 8_000, closeButtonProps });
}
