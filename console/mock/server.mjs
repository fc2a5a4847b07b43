/*
 * A stand-in for the server, for working on the console and for its browser tests: the same paths, believable data
 * in memory, nothing kept. Sign in with ada@acme.test (or jonas@, priya@, vera@) and the password "steward".
 * An address of the form new@acme.test sees an organization that nothing has come into yet.
 */
import { createServer } from "node:http";
import { receive } from "./alerts.mjs";
import { Problem, readJson } from "./http.mjs";
import { listen } from "./live.mjs";
import { emptyOverview } from "./overview.mjs";
import { members, organization, organizations, PASSWORD, PERMISSIONS } from "./people.mjs";
import { routes } from "./routes.mjs";
import { answerSupabase, emailOf, isSupabase, methodAt } from "./supabase.mjs";
import { checkMatch, isEdited, tagOf } from "./tags.mjs";

const BASE = "/api/v1";
const CSRF = "mock-csrf";
const port = Number(process.env.MOCK_PORT ?? 8089);

function meOf(member) {
  const { user_id: id, email, name, avatar_url, role } = member;
  return { user: { id, email, name, avatar_url }, token: null, organization, role, permissions: PERMISSIONS[role], csrf_token: CSRF, organizations };
}

const newcomer = { ...members[0], user_id: "00000000-0000-7000-8000-000000000001", email: "new@acme.test", name: "Nora New" };

function signedIn(request) {
  const email = /steward_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const member = [...members, newcomer].find((one) => one.email === decodeURIComponent(email ?? ""));
  if (!member) throw new Problem(401, "unauthenticated", "Not signed in", "Sign in first.");
  return member;
}

function signIn(body, response) {
  if (body.email === "locked@acme.test") throw new Problem(429, "sign_in_locked", "Too many attempts", "Sign-in is locked for a while.", undefined, 287);
  if (body.password !== PASSWORD) throw new Problem(401, "invalid_credentials", "Wrong e-mail or password", "The e-mail or the password is wrong.");
  return enter(body.email, response);
}

function enter(email, response) {
  const member = [...members, newcomer].find((one) => one.email === email);
  if (!member) throw new Problem(401, "invalid_credentials", "Wrong e-mail or password", "The e-mail or the password is wrong.");
  if (member.status !== "active") throw new Problem(403, "user_inactive", "Inactive", "This account is inactive.");
  response.setHeader("set-cookie", `steward_session=${encodeURIComponent(member.email)}; Path=/; HttpOnly; SameSite=Lax`);
  return meOf(member);
}

/** Finds the route of a path and the values of its `:names`; a literal part goes before a name. */
function resolve(method, path) {
  const parts = path.split("/");
  let best = null;
  for (const [key, [permission, answer]] of Object.entries(routes)) {
    const [verb, pattern] = key.split(" ");
    const wanted = pattern.split("/");
    if (verb !== method || wanted.length !== parts.length) continue;
    const params = {};
    const fits = wanted.every((part, index) => (part.startsWith(":") ? (params[part.slice(1)] = decodeURIComponent(parts[index])) : part === parts[index]));
    const names = Object.keys(params).length;
    if (fits && (!best || names < best.names)) best = { permission, answer, params, names };
  }
  return best;
}

async function answer(request, response, url) {
  const path = url.pathname.slice(BASE.length);
  if (path === "/auth/methods") return { password: true, supabase: methodAt(`127.0.0.1:${port}`) };
  if (path === "/auth/supabase") return enter(emailOf((await readJson(request)).access_token), response);
  if (path === "/auth/sign-in") return signIn(await readJson(request), response);
  if (path === "/auth/sign-out") return void response.setHeader("set-cookie", "steward_session=; Path=/; Max-Age=0");
  const me = signedIn(request);
  if (path === "/me" || path === "/me/organization") return meOf(me);
  if (request.method !== "GET" && request.headers["x-csrf-token"] !== CSRF) throw new Problem(403, "csrf", "CSRF token missing", "Send X-CSRF-Token.");
  const route = resolve(request.method, path);
  if (!route) throw new Problem(404, "not_found", "Not found", "There is nothing at this address.");
  if (!PERMISSIONS[me.role].includes(route.permission)) throw new Problem(403, "forbidden", "Forbidden", `Your role lacks the permission ${route.permission}.`);
  if (me === newcomer && path === "/overview") return emptyOverview();
  if (me === newcomer && path === "/alerts/facets") return { status: {}, severity: {}, source: [] };
  if (me === newcomer && request.method === "GET" && path.lastIndexOf("/") === 0 && path !== "/organization") return { items: [], next_cursor: null };
  const body = request.method === "GET" ? {} : await readJson(request);
  if (isEdited(path) && request.method === "PUT") checkMatch(request.headers["if-match"], resolve("GET", path).answer(resolve("GET", path).params));
  const result = route.answer({ ...route.params, query: Object.fromEntries(url.searchParams), body, me });
  if (isEdited(path) && result) response.setHeader("etag", tagOf(result));
  return result;
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  if (url.pathname === `${BASE}/events`) return listen(request, response);
  if (isSupabase(url.pathname)) return answerSupabase(request, response);
  const hook = url.pathname === "/hooks/alertmanager";
  try {
    const result = hook ? receive(await readJson(request)) : await answer(request, response, url);
    response.writeHead(hook ? 202 : result === undefined ? 204 : 200, { "content-type": "application/json" });
    return response.end(result === undefined ? undefined : JSON.stringify(result));
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(500, "internal", "Internal error", String(error));
    response.writeHead(problem.status, { "content-type": "application/problem+json" });
    return response.end(JSON.stringify(problem.body()));
  }
});

server.listen(port, "127.0.0.1", () => process.stdout.write(`The mock listens on http://127.0.0.1:${port}\n`));
