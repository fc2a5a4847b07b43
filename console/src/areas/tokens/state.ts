import type { Token } from "@/api/types";

export type TokenState = "active" | "expired" | "revoked";

export function tokenState(token: Pick<Token, "revoked_at" | "expires_at">, now: Date): TokenState {
  if (token.revoked_at) return "revoked";
  return token.expires_at && new Date(token.expires_at) <= now ? "expired" : "active";
}

const DAY_MS = 86_400_000;

/** When a token ends that is to live for so many days; undefined for one without an end. */
export function expiryAfter(days: string, now: Date): string | undefined {
  return days ? new Date(now.getTime() + Number(days) * DAY_MS).toISOString() : undefined;
}
