import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import type { Channel } from "@/api/types";
import { refusedFields } from "./refusal";

const channel = { settings: [{ name: "webhook_url", credential: true }] } as Channel;
const problem = (code: string, ...errors: [string, string][]) =>
  new ApiError({ type: "", title: "", status: 422, code, detail: "", errors: errors.map(([pointer, detail]) => ({ pointer, detail })) });

test("what the server refuses stands at its field", () => {
  const error = problem("invalid_receiver", ["/name", "must have 1 to 255 characters"], ["/webhook_url", "must start with https://"], ["/hours/from", "must be a time"]);
  expect(refusedFields(error, channel)).toEqual({
    name: "Must have 1 to 255 characters",
    "secrets.webhook_url": "Must start with https://",
    "hours.from": "Must be a time",
  });
});

test("a short name that is taken stands at its field", () => {
  expect(Object.keys(refusedFields(problem("receiver_im_taken"), channel))).toEqual(["receiver_im"]);
});

test("what is about no field is left to be told otherwise", () => {
  expect(refusedFields(new Error("lost"), channel)).toEqual({});
});
