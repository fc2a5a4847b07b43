/*
 * Supabase Auth as far as signing in goes: a password is taken for a JWT (https://supabase.com/docs/guides/auth/jwts).
 * Against the mock it is part of the mock; for a server it is here, at the address and with the secret that the server
 * was told.
 */
import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import { inject } from "vitest";
import { account, baseUrl, mocked } from "./browser";

const { port, secret } = inject("supabase");

/** Whether there is one to sign in at. */
export const hasSupabase = mocked || port > 0;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** One user for each address, as there. */
function userOf(email: string): string {
  const hex = createHash("sha256").update(email).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function jwtOf(email: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: userOf(email), email, aud: "authenticated", role: "authenticated", iss: `http://127.0.0.1:${port}/auth/v1`, iat: now, exp: now + 600 };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** Starts it, if it is not the mock's. Every address signs in with the password of all tests. */
export async function startSupabase(): Promise<() => void> {
  if (mocked || port === 0) return () => undefined;
  const server = createServer(async (request, response) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "apikey, content-type", "content-type": "application/json" };
    const reply = (status: number, body: object) => response.writeHead(status, headers).end(JSON.stringify(body));
    if (request.method === "OPTIONS") return reply(200, {});
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { email, password } = JSON.parse(Buffer.concat(chunks).toString()) as { email: string; password: string };
    if (password !== account.password) return reply(400, { error_description: "Invalid login credentials" });
    return reply(200, { access_token: jwtOf(email), token_type: "bearer" });
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return () => server.close();
}

/** A session at Supabase, as its own pages would hand it over. */
export async function sessionOf(email: string): Promise<string> {
  const methods = (await (await fetch(`${baseUrl}/api/v1/auth/methods`)).json()) as { supabase: { auth_url: string; publishable_key: string } };
  const answer = await fetch(`${methods.supabase.auth_url}/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: methods.supabase.publishable_key, "content-type": "application/json" },
    body: JSON.stringify({ email, password: account.password }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
