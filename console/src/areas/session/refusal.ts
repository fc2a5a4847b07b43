import { ApiError, describeError } from "@/api/client";
import { formatDuration } from "@/ui/format";

const SENTENCES: Record<string, string> = {
  invalid_credentials: "The e-mail or the password is wrong.",
  organization_suspended: "This organization is suspended. Ask whoever runs Steward for you.",
  user_inactive: "This account is inactive. Ask an administrator to activate it.",
};

/** Why a sign-in was refused and, when it was locked, at what time to try again. */
export function describeRefusal(error: unknown, now: Date): string {
  if (!(error instanceof ApiError)) return describeError(error);
  if (error.code === "sign_in_locked") {
    const seconds = error.problem.retry_after;
    if (!seconds) return "Too many attempts. Try again later.";
    const until = new Date(now.getTime() + seconds * 1_000);
    const clock = until.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    return `Too many attempts. Try again in ${formatDuration(seconds * 1_000)}, at ${clock}.`;
  }
  const sentence = SENTENCES[error.code] ?? describeError(error);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
