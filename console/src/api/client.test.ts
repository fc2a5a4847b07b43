import { afterEach, describe, expect, test, vi } from "vitest";
import { api, ApiError, call, onSignedOut, onSuspended, rememberCsrfToken } from "./client";

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}) {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    requests.push(request);
    return new Response(body === null ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    });
  });
  return requests;
}

afterEach(() => {
  vi.unstubAllGlobals();
  rememberCsrfToken(null);
});

describe("requests", () => {
  test("that change something carry the CSRF token, and creations a key of their own", async () => {
    rememberCsrfToken("token");
    const requests = answerWith(204, null);
    await call(api.POST("/api/v1/auth/sign-out"));
    await call(api.POST("/api/v1/auth/sign-out"));
    await call(api.GET("/api/v1/auth/methods"));
    const [first, second, read] = requests.map((request) => request.headers);
    expect(first?.get("X-CSRF-Token")).toBe("token");
    expect(first?.get("Idempotency-Key")).not.toBe(second?.get("Idempotency-Key"));
    expect(read?.get("X-CSRF-Token")).toBeNull();
    expect(read?.get("Idempotency-Key")).toBeNull();
  });

  test("that are refused throw the problem with its code", async () => {
    answerWith(409, { title: "Conflict", status: 409, code: "last_admin", detail: "The last admin stays." });
    const refusal = call(api.GET("/api/v1/organization"));
    await expect(refusal).rejects.toMatchObject({ code: "last_admin", status: 409, message: "The last admin stays." });
  });

  test("know how long to wait from the header too", async () => {
    answerWith(429, { code: "sign_in_locked", title: "Locked" }, { "Retry-After": "30" });
    const error: unknown = await call(api.GET("/api/v1/me")).catch((reason: unknown) => reason);
    expect((error as ApiError).problem.retry_after).toBe(30);
  });

  test("that reach nobody say so", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
    await expect(call(api.GET("/api/v1/me"))).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe("the end of a session", () => {
  test("is told when a page is refused, not when a sign-in is", async () => {
    const ended = vi.fn();
    onSignedOut(ended);
    answerWith(401, { code: "invalid_credentials" });
    await call(api.POST("/api/v1/auth/sign-in", { body: { email: "a", password: "b" } })).catch(() => undefined);
    expect(ended).not.toHaveBeenCalled();
    await call(api.GET("/api/v1/organization")).catch(() => undefined);
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe("a suspended organization", () => {
  const refusal = { code: "organization_suspended", title: "Suspended", status: 403 };

  /** Answers a request from this path with the refusal; a made-up Response has no address of its own. */
  async function refusedAt(path: string) {
    const told = vi.fn();
    onSuspended(told);
    const response = new Response(JSON.stringify(refusal), { status: 403 });
    Object.defineProperty(response, "url", { value: `http://steward.test/api/v1${path}` });
    const error: unknown = await call(Promise.resolve({ error: refusal, response })).catch((reason: unknown) => reason);
    return { calls: told.mock.calls.length, told: (error as ApiError).told };
  }

  test.each(["/alerts", "/me", "/me/sessions"])("is told once for all, by %s", async (path) => {
    expect(await refusedAt(path)).toEqual({ calls: 1, told: true });
  });

  test.each(["/auth/sign-in", "/auth/invitation", "/me/organization", "/me/invitations/i1/accept"])("may be another one, at %s", async (path) => {
    expect(await refusedAt(path)).toEqual({ calls: 0, told: false });
  });
});
