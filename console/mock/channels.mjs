// Channels as the server tells of them.
const credential = (name, label, help, format) => ({ name, label, help, credential: true, required: true, format });

export const channels = [
  {
    id: "slack_bot", name: "Slack app", im_type: "slack", transport: "bot",
    settings: [
      { name: "destination_id", label: "Channel", help: "The channel's ID, such as C0123456789", credential: false, required: true, format: { kind: "id" } },
      credential("bot_token", "Bot token", "Starts with xoxb-; needs chat:write", { kind: "token", prefix: "xoxb-" }),
    ],
    limits: { text_units: 3000, request_bytes: null },
    abilities: { edits: true, confirms: false },
  },
  {
    id: "slack_webhook", name: "Slack incoming webhook", im_type: "slack", transport: "webhook",
    settings: [credential("webhook_url", "Webhook URL", "https://hooks.slack.com/services/…", { kind: "webhook_url" })],
    limits: { text_units: 3000, request_bytes: null },
    abilities: { edits: false, confirms: false },
  },
  {
    id: "lark_webhook", name: "Lark custom bot", im_type: "lark", transport: "webhook",
    settings: [
      credential("webhook_url", "Webhook URL", "https://open.larksuite.com/open-apis/bot/v2/hook/…", { kind: "webhook_url" }),
      { ...credential("signing_secret", "Signing secret", "If the bot verifies signatures", { kind: "token", prefix: "" }), required: false },
    ],
    limits: { text_units: null, request_bytes: 20480 },
    abilities: { edits: false, confirms: false },
  },
  {
    id: "email", name: "E-mail", im_type: "email", transport: "smtp",
    settings: [{ name: "destination_id", label: "Address", help: "Of a member, or of somebody who gives you the code that is mailed there", credential: false, required: true, format: { kind: "address" } }],
    limits: { text_units: null, request_bytes: null },
    abilities: { edits: false, confirms: true },
  },
  {
    id: "signed_webhook", name: "Signed webhook", im_type: "webhook", transport: "signed",
    settings: [
      credential("webhook_url", "Address", "Where messages are posted to, such as https://app.example.com/hooks/steward", { kind: "webhook_url" }),
      credential("signing_secret", "Signing secret", "whsec_ and the output of openssl rand -base64 32; new,old while the secret changes over", { kind: "signing_secret" }),
    ],
    limits: { text_units: null, request_bytes: null },
    abilities: { edits: false, confirms: false },
  },
];
