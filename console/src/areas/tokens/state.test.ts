import { expect, test } from "vitest";
import { expiryAfter, tokenState } from "./state";

const now = new Date("2026-11-21T12:00:00Z");

test.each([
  [{}, "active"],
  [{ expires_at: "2026-11-22T00:00:00Z" }, "active"],
  [{ expires_at: "2026-11-21T12:00:00Z" }, "expired"],
  [{ expires_at: "2026-11-22T00:00:00Z", revoked_at: "2026-11-01T00:00:00Z" }, "revoked"],
])("%j is %s", (token, expected) => {
  expect(tokenState({ expires_at: null, revoked_at: null, owner: "organization", ...token }, now)).toBe(expected);
});

test.each([
  ["person", "active", "active"],
  ["person", "inactive", "resting"],
  ["organization", "inactive", "active"],
] as const)("a token of the %s whose maker is %s is %s", (owner, status, expected) => {
  expect(tokenState({ expires_at: null, revoked_at: null, owner }, now, { status })).toBe(expected);
});

test("a token lives for as many days as was chosen", () => {
  expect(expiryAfter("30", now)).toBe("2026-12-21T12:00:00.000Z");
  expect(expiryAfter("", now)).toBeUndefined();
});
