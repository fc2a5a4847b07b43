/** The last thing that went wrong with a job; errors are texts or objects with a message. */
export function lastError(errors: unknown): string {
  const last: unknown = Array.isArray(errors) ? errors.at(-1) : errors;
  if (typeof last === "string") return last;
  if (typeof last === "object" && last !== null) {
    const { error, message } = last as Record<string, unknown>;
    if (typeof error === "string") return error;
    if (typeof message === "string") return message;
    return JSON.stringify(last);
  }
  return "";
}
