import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import { describeRefusal } from "./refusal";

const now = new Date(2026, 10, 21, 12, 0, 0);
const refused = (code: string, more = {}) => new ApiError({ type: "", title: "Refused", status: 401, code, detail: "", ...more });

test.each([
  [refused("invalid_credentials"), "The e-mail or the password is wrong."],
  [refused("sign_in_locked", { retry_after: 287 }), "Too many attempts. Try again in 4m 47s, at 12:04:47."],
  [refused("sign_in_locked"), "Too many attempts. Try again later."],
  [refused("user_inactive"), "This account is inactive. Ask an administrator to activate it."],
  [refused("something_new", { detail: "as the server says." }), "As the server says."],
])("%s", (error, sentence) => {
  expect(describeRefusal(error, now)).toBe(sentence);
});
