import { expect, test } from "vitest";
import { checkNewPassword } from "./new-password";

test.each([
  ["eleven char", "At least 12 characters"],
  ["twelve chars", null],
  ["🔑".repeat(11), "At least 12 characters"],
  ["x".repeat(128), null],
  ["x".repeat(129), "At most 128 characters"],
])("%s", (password, expected) => {
  expect(checkNewPassword(password)).toBe(expected);
});
