import { describe, expect, test } from "vitest";
import { parseSearch, pick, safeReturnPath, stringifySearch } from "./search";

describe("the address of a page", () => {
  test.each([
    [{}, ""],
    [{ status: "open" }, "?status=open"],
    [{ status: "open,investigating", q: "disk full" }, "?status=open,investigating&q=disk+full"],
    [{ q: "", status: undefined }, ""],
    [{ q: "a&b=c#d" }, "?q=a%26b%3Dc%23d"],
  ])("%j is written as %s", (search, expected) => {
    expect(stringifySearch(search)).toBe(expected);
  });

  test("what was written is read back the same", () => {
    const search = { status: "open,ignored", q: "ü 100 % + more", since: "2026-11-20T08:00:00Z" };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  test("only the filters of a page are kept, and only those that say something", () => {
    const filters = pick("status", "q");
    expect(filters({ status: "open", q: "", utm_source: "mail", severity: 3 })).toEqual({ status: "open" });
  });
});

describe("where a sign-in leads", () => {
  test.each([
    ["/alerts?status=open", "/alerts?status=open"],
    [undefined, "/"],
    ["//evil.test", "/"],
    ["/\\evil.test", "/"],
    ["https://evil.test", "/"],
    ["javascript:alert(1)", "/"],
  ])("%s leads to %s", (next, expected) => {
    expect(safeReturnPath(next)).toBe(expected);
  });
});
