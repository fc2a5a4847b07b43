import type { Member, Token } from "@/api/types";

export type TokenState = "active" | "resting" | "expired" | "revoked";

/** The state of a token; one that is a person's rests while its maker is not active. */
export function tokenState(token: Pick<Token, "revoked_at" | "expires_at" | "owner">, now: Date, maker?: Pick<Member, "status">): TokenState {
  if (token.revoked_at) return "revoked";
  if (token.expires_at && new Date(token.expires_at) <= now) return "expired";
  return token.owner === "person" && maker && maker.status !== "active" ? "resting" : "active";
}

const DAY_MS = 86_400_000;

/** When a token ends that is to live for so many days; undefined for one without an end. */
export function expiryAfter(days: string, now: Date): string | undefined {
  return days ? new Date(now.getTime() + Number(days) * DAY_MS).toISOString() : undefined;
}
