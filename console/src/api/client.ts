import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "./schema";
import type { Problem } from "./types";

/** What a request failed with: the server's problem document, or one made up for a lost connection. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** The whole console tells it already: the organization is suspended. */
  told = false;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

let csrfToken: string | null = null;
let signedOut: () => void = () => undefined;
let suspended: () => void = () => undefined;

/** The session's CSRF token, known once `/me` has answered. */
export function rememberCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? null;
}

/** Called whenever a request is refused because the session has ended. */
export function onSignedOut(callback: () => void): void {
  signedOut = callback;
}

/** Called whenever a request is refused because the caller's organization is suspended. */
export function onSuspended(callback: () => void): void {
  suspended = callback;
}

/** A random key. `crypto.randomUUID` is missing on plain http, which a console in a closed network may well use. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const sessionHeaders: Middleware = {
  onRequest({ request }) {
    if (request.method === "GET") return request;
    if (csrfToken) request.headers.set("X-CSRF-Token", csrfToken);
    if (request.method === "POST") request.headers.set("Idempotency-Key", randomKey());
    return request;
  },
  onResponse({ request, response }) {
    const { pathname } = new URL(request.url);
    const aboutTheSession = pathname.startsWith("/api/v1/auth/") || pathname === "/api/v1/me";
    if (response.status === 401 && !aboutTheSession) signedOut();
    return response;
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  fetch: (request) => globalThis.fetch(request),
});
api.use(sessionHeaders);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Turns an answer into its data, or throws what went wrong as an `ApiError`. */
export async function call<T>(request: Promise<Answer<T>>): Promise<T> {
  return (await settle(request)).data as T;
}

/** Something that several people may edit, with the tag of the state it was read in; null from a server without tags. */
export type Tagged<T> = T & { etag: string | null };

/** A change to such a thing, and the tag of the state that it changes; null overwrites whatever is there. */
export interface Edit<Input> {
  input: Input;
  etag: string | null;
}

/** Like `call`, and keeps the answer's entity tag (RFC 9110, 8.8.3). */
export async function callTagged<T>(request: Promise<Answer<T>>): Promise<Tagged<T>> {
  const { data, response } = await settle(request);
  return { ...(data as T), etag: response.headers.get("ETag") };
}

/** The header that lets a change through only while the thing is as it was when the edit began. */
export function ifMatch(etag: string | null): Record<string, string> {
  return etag ? { "If-Match": etag } : {};
}

async function settle<T>(request: Promise<Answer<T>>): Promise<Answer<T>> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError({
      type: "about:blank",
      title: "Steward cannot be reached",
      status: 0,
      code: "unreachable",
      detail: "The server did not answer. Check the connection and try again.",
    });
  }
  if (answer.response.ok) return answer;
  const error = new ApiError(toProblem(answer.error, answer.response));
  if (error.code === SUSPENDED && !isAboutOthers(answer.response.url)) {
    error.told = true;
    suspended();
  }
  throw error;
}

export const SUSPENDED = "organization_suspended";

/** Whether a request is about an organization that the caller may not be in: one to enter, or one that invites. */
function isAboutOthers(url: string): boolean {
  return /\/api\/v1\/(auth\/|me\/(organization$|invitations))/.test(url);
}

function toProblem(body: unknown, response: Response): Problem {
  const problem = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  const wait = Number(response.headers.get("Retry-After"));
  return {
    type: problem.type ?? "about:blank",
    title: problem.title ?? (response.statusText || "The request failed"),
    status: problem.status ?? response.status,
    code: problem.code ?? `http_${response.status}`,
    detail: problem.detail ?? "",
    errors: problem.errors,
    retry_after: problem.retry_after ?? (Number.isFinite(wait) && wait > 0 ? wait : undefined),
  };
}

/** The sentence a person reads about a failure. */
export function describeError(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
