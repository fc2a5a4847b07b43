import { expect, test } from "vitest";
import { receiverOf, secretFields } from "./draft";

const draft = { name: "On-call", receiver_im: "oncall", im_type: "slack", transport: "bot", destination_id: " C1 ", is_default: true, status: "active", node_id: null, secrets: {} };

test("a secret that was left empty is not sent, so the stored one stays", () => {
  expect(receiverOf({ ...draft, secrets: { bot_token: "  " } })).not.toHaveProperty("bot_token");
});

test("only the secrets of the chosen platform are sent", () => {
  const sent = receiverOf({ ...draft, secrets: { bot_token: "xoxb-1", webhook_url: "https://left.over" } });
  expect(sent).toMatchObject({ bot_token: "xoxb-1", destination_id: "C1" });
  expect(sent).not.toHaveProperty("webhook_url");
});

test("each platform asks for its own", () => {
  expect(secretFields("lark", "webhook").map((field) => field.name)).toEqual(["webhook_url", "signing_secret"]);
});
