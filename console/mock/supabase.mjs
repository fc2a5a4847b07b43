import { Problem, readJson } from "./http.mjs";
import { PASSWORD } from "./people.mjs";

/* A stand-in for a Supabase project beside the stand-in for the server; the password is the same as everywhere. */
const PATH = "/supabase/auth/v1";
const KEY = "sb_publishable_mock";
const PREFIX = "mock-session-of:";

export const methodAt = (host) => ({ auth_url: `http://${host}${PATH}`, publishable_key: KEY });

export const isSupabase = (path) => path.startsWith(PATH);

/** Answers browsers of any origin, as Supabase does. */
export async function answerSupabase(request, response) {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "apikey, content-type", "content-type": "application/json" };
  const reply = (status, body) => response.writeHead(status, headers).end(JSON.stringify(body));
  if (request.method === "OPTIONS") return reply(200, {});
  if (request.headers.apikey !== KEY) return reply(401, { msg: "Invalid API key" });
  const { email, password } = await readJson(request);
  if (password !== PASSWORD) return reply(400, { error: "invalid_grant", error_description: "Invalid login credentials" });
  return reply(200, { access_token: PREFIX + email, token_type: "bearer", expires_in: 3_600 });
}

/** Whose session a token is of. */
export function emailOf(token) {
  if (!token?.startsWith(PREFIX)) throw new Problem(401, "invalid_supabase_token", "Not accepted", "The Supabase token is not valid.");
  return token.slice(PREFIX.length);
}
