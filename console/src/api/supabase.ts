import type { SupabaseMethod } from "./types";

/** Supabase Auth as its GoTrue server speaks (https://supabase.com/docs/reference/self-hosting-auth). */
interface TokenAnswer {
  access_token?: string;
  /* Older servers say why in `error_description`, newer ones in `msg`. */
  error_description?: string;
  msg?: string;
}

/** Signs in at Supabase and answers with the access token of the session there. The password is sent to nobody else. */
export async function supabaseToken({ auth_url, publishable_key }: SupabaseMethod, email: string, password: string): Promise<string> {
  const answer = await fetch(`${auth_url}/token?grant_type=password`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: publishable_key ?? "" },
    body: JSON.stringify({ email, password }),
    credentials: "omit",
  }).catch(() => {
    throw new Error("Supabase did not answer. Check the connection and try again.");
  });
  const body = (await answer.json().catch(() => ({}))) as TokenAnswer;
  if (answer.ok && body.access_token) return body.access_token;
  throw new Error(body.error_description ?? body.msg ?? `Supabase answered ${answer.status}.`);
}

/** What Supabase's own pages hand over behind the # of the address: a session, or why there is none. */
export type HandedOver = { token: string } | { refusal: string };

/** Reads the answer of the implicit flow (RFC 6749, 4.2.2) from the part of an address behind the #. */
export function readHandedOver(hash: string): HandedOver | null {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const token = parts.get("access_token");
  if (token) return { token };
  const refusal = parts.get("error_description") ?? parts.get("error");
  return refusal ? { refusal } : null;
}

let waiting: HandedOver | null = null;

/**
 * Takes what was handed over out of the address at once, so that it stays in no history and no bookmark, and goes
 * to the sign-in page, which asks for it.
 */
export function receiveHandedOver({ location, history }: Window): void {
  const handed = readHandedOver(location.hash);
  if (!handed) return;
  waiting = handed;
  const wanted = location.pathname + location.search;
  const next = /^\/(sign-in.*)?$/.test(wanted) ? "" : `?${new URLSearchParams({ next: wanted })}`;
  history.replaceState(null, "", `/sign-in${next}`);
}

/** What was handed over, once. */
export function takeHandedOver(): HandedOver | null {
  const handed = waiting;
  waiting = null;
  return handed;
}
