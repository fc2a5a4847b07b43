/** What a new password must be, as the server asks it. */
export function checkNewPassword(value: string): string | null {
  // Of what people call a character some are two in a string.
  const { length } = Array.from(value);
  if (length < 12) return "At least 12 characters";
  return length > 128 ? "At most 128 characters" : null;
}

/** How a field for a new password looks. */
export const NEW_PASSWORD = {
  label: "New password",
  description: "12 to 128 characters. A few words that nobody else would put together are better than signs",
  autoComplete: "new-password",
  size: "sm",
  visibilityToggleButtonProps: { "aria-label": "Show or hide the password" },
} as const;
