import { expect, test } from "vitest";
import type { Channel } from "@/api/types";
import { channelOf, credentialsOf, receiverOf } from "./draft";

const setting = (name: string) => ({ name, label: name, help: name, credential: name !== "destination_id", required: true, format: { kind: "id" } });

function channel(im_type: string, transport: string, destination: boolean, ...credentials: string[]): Channel {
  const settings = [...(destination ? ["destination_id"] : []), ...credentials].map(setting);
  const limits = { text_units: null, request_bytes: null };
  const abilities = { edits: false };
  return { id: `${im_type}_${transport}`, name: im_type, im_type, transport, settings, limits, abilities } as Channel;
}

const channels = [
  channel("slack", "bot", true, "bot_token"),
  channel("slack", "webhook", false, "webhook_url"),
  channel("lark", "webhook", false, "webhook_url", "signing_secret"),
];

const names = (im_type: string, transport: string) => credentialsOf(channelOf(channels, { im_type, transport })).map((setting) => setting.name);

const draft = { name: "On-call", receiver_im: "oncall", im_type: "slack", transport: "bot", destination_id: " C1 ", is_default: true, status: "active", node_id: null, min_severity: "low", hours: null, fallback_id: null, secrets: {} };

test("a secret that was left empty is not sent, so the stored one stays", () => {
  expect(receiverOf({ ...draft, secrets: { bot_token: "  " } }, channels)).not.toHaveProperty("bot_token");
});

test("only the settings of the chosen channel are sent", () => {
  const secrets = { bot_token: "xoxb-1", webhook_url: "https://left.over" };
  const sent = receiverOf({ ...draft, secrets }, channels);
  expect(sent).toMatchObject({ bot_token: "xoxb-1", destination_id: "C1" });
  expect(sent).not.toHaveProperty("webhook_url");
  const webhook = receiverOf({ ...draft, transport: "webhook", secrets }, channels);
  expect(webhook).toMatchObject({ webhook_url: "https://left.over" });
  expect(webhook).not.toHaveProperty("destination_id");
});

test("each channel asks for its own", () => {
  expect(names("lark", "webhook")).toEqual(["webhook_url", "signing_secret"]);
  expect(names("lark", "carrier pigeon")).toEqual([]);
});
