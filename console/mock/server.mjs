/*
 * A stand-in for the server, for working on the console and for its browser tests: the same paths, believable data
 * in memory, nothing kept. Sign in with ada@acme.test (or jonas@, priya@, sam@, vera@) and the password "steward-steward".
 * An address of the form new@acme.test sees an organization that nothing has come into yet.
 */
import { createServer } from "node:http";
import { receive } from "./alerts.mjs";
import { guestRoutes } from "./guests.mjs";
import { Problem, readJson } from "./http.mjs";
import { listen } from "./live.mjs";
import { mayAnywhere } from "./nodes.mjs";
import { emptyOverview } from "./overview.mjs";
import { rightsOf, tokenOf } from "./people.mjs";
import { routes } from "./routes.mjs";
import { CSRF, newcomer, sessionOf } from "./session.mjs";
import { answerSupabase, isSupabase } from "./supabase.mjs";
import { checkMatch, isEdited, tagOf } from "./tags.mjs";

const BASE = "/api/v1";
const port = Number(process.env.MOCK_PORT ?? 8089);

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

/** What somebody sees of an organization that nothing has come into yet; undefined where that makes no difference. */
function emptyAnswer(method, path) {
  if (method !== "GET" || path === "/organization" || path === "/me") return undefined;
  if (path === "/overview") return emptyOverview();
  if (path === "/alerts/facets") return { status: {}, severity: {}, source: [] };
  return path.lastIndexOf("/") === 0 ? { items: [], next_cursor: null } : undefined;
}

async function answer(request, response, url) {
  const { method, headers } = request;
  const path = url.pathname.slice(BASE.length);
  const body = method === "GET" ? {} : await readJson(request);
  const guest = guestRoutes[`${method} ${path}`];
  if (guest) return guest({ body, request, response, address: `127.0.0.1:${port}` });
  const session = sessionOf(request);
  if (method !== "GET" && headers["x-csrf-token"] !== CSRF) throw new Problem(403, "csrf", "CSRF token missing", "Send X-CSRF-Token.");
  const route = resolve(method, path);
  if (!route) throw new Problem(404, "not_found", "Not found", "There is nothing at this address.");
  const me = { ...session.person, ...rightsOf(session.person) };
  if (route.permission && !mayAnywhere(me, route.permission)) throw new Problem(403, "forbidden", "Forbidden", `Your role lacks the permission ${route.permission}.`);
  const empty = session.person === newcomer ? emptyAnswer(method, path) : undefined;
  if (empty) return empty;
  if (isEdited(path) && method === "PUT") checkMatch(headers["if-match"], resolve("GET", path).answer({ ...resolve("GET", path).params, me }));
  const result = route.answer({ ...route.params, query: Object.fromEntries(url.searchParams), body, me, session, headers });
  if (isEdited(path) && result) response.setHeader("etag", tagOf(result));
  return result;
}

/** The token that a hook was called with, if it was made here. */
const sender = (request) => tokenOf.get(request.headers.authorization?.replace("Bearer ", ""));

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://mock");
  if (url.pathname === `${BASE}/events`) return listen(request, response);
  if (isSupabase(url.pathname)) return answerSupabase(request, response);
  const hook = url.pathname === "/hooks/alertmanager";
  try {
    const result = hook ? receive(await readJson(request), sender(request)?.node?.id ?? null) : await answer(request, response, url);
    response.writeHead(hook ? 202 : result === undefined ? 204 : 200, { "content-type": "application/json" });
    return response.end(result === undefined ? undefined : JSON.stringify(result));
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(500, "internal", "Internal error", String(error));
    response.writeHead(problem.status, { "content-type": "application/problem+json" });
    return response.end(JSON.stringify(problem.body()));
  }
});

server.listen(port, "127.0.0.1", () => process.stdout.write(`The mock listens on http://127.0.0.1:${port}\n`));
