import { afterEach, describe, expect, test, vi } from "vitest";
import { readHandedOver, receiveHandedOver, supabaseToken, takeHandedOver } from "./supabase";

const method = { auth_url: "https://p.supabase.test/auth/v1", publishable_key: "sb_publishable_x" };

function answerWith(status: number, body: string) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(body, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

afterEach(() => vi.unstubAllGlobals());

describe("signing in at Supabase", () => {
  test("sends the key and the password there, and takes the token", async () => {
    const fetch = answerWith(200, '{"access_token":"jwt"}');
    expect(await supabaseToken(method, "a@acme.test", "secret")).toBe("jwt");
    const [url, request] = fetch.mock.calls[0] ?? [];
    expect(url).toBe("https://p.supabase.test/auth/v1/token?grant_type=password");
    expect(request).toMatchObject({ method: "POST", headers: { apikey: "sb_publishable_x" }, body: '{"email":"a@acme.test","password":"secret"}' });
  });

  test.each([
    [400, '{"error":"invalid_grant","error_description":"Invalid login credentials"}', "Invalid login credentials"],
    [422, '{"code":422,"msg":"Email not confirmed"}', "Email not confirmed"],
    [502, "<html>", "Supabase answered 502."],
    [200, "{}", "Supabase answered 200."],
  ])("tells why it was refused: %d %s", async (status, body, sentence) => {
    answerWith(status, body);
    await expect(supabaseToken(method, "a", "b")).rejects.toThrow(sentence);
  });

  test("says that it cannot be reached", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(supabaseToken(method, "a", "b")).rejects.toThrow("Supabase did not answer.");
  });
});

describe("what is handed over in the address", () => {
  test.each([
    ["#access_token=jwt&token_type=bearer&expires_in=3600", { token: "jwt" }],
    ["#error=access_denied&error_description=Email+link+is+invalid", { refusal: "Email link is invalid" }],
    ["#content", null],
    ["", null],
  ])("%s", (hash, handed) => {
    expect(readHandedOver(hash)).toEqual(handed);
  });

  test.each([
    ["/issues", "?status=resolved", "/sign-in?next=%2Fissues%3Fstatus%3Dresolved"],
    ["/", "", "/sign-in"],
    ["/sign-in", "?next=/alerts", "/sign-in"],
  ])("leaves the address %s%s at once and is given out once", (pathname, search, address) => {
    const replaceState = vi.fn();
    receiveHandedOver({ location: { hash: "#access_token=jwt", pathname, search }, history: { replaceState } } as unknown as Window);
    expect(replaceState).toHaveBeenCalledWith(null, "", address);
    expect(takeHandedOver()).toEqual({ token: "jwt" });
    expect(takeHandedOver()).toBeNull();
  });
});
