import { expect, test } from "vitest";
import { SLUG, slugFrom } from "./slug";

test.each([
  ["SRE", "sre"],
  ["Café Ops & Co", "cafe-ops-co"],
  ["  -Storage- ", "storage"],
  ["Zürich / 2nd line", "zurich-2nd-line"],
])("%s is called %s for short", (name, slug) => {
  expect(slugFrom(name)).toBe(slug);
  expect(SLUG.test(slug)).toBe(true);
});

test("a long name is cut to what the server takes, and one without letters gives none", () => {
  expect(SLUG.test(slugFrom("a very long name ".repeat(9)))).toBe(true);
  expect(slugFrom("日本")).toBe("");
});
