import type { NewReceiver, Receiver } from "@/api/types";
import { humanize } from "@/ui/format";

export interface ReceiverDraft {
  name: string;
  receiver_im: string;
  im_type: string;
  transport: string;
  destination_id: string;
  is_default: boolean;
  status: string;
  node_id: string | null;
  secrets: Record<string, string>;
}

/** A receiver as its form begins: secrets go in and never come out. A new one has this owner until another is chosen. */
export function draftOf(receiver: Receiver | null, owner: string | null = null): ReceiverDraft {
  return {
    name: receiver?.name ?? "",
    receiver_im: receiver?.receiver_im ?? "",
    im_type: receiver?.im_type ?? "slack",
    transport: receiver?.transport ?? "bot",
    destination_id: receiver?.destination_id ?? "",
    is_default: receiver?.is_default ?? false,
    status: receiver?.status ?? "active",
    node_id: receiver ? (receiver.node_id ?? null) : owner,
    secrets: {},
  };
}

export interface SecretField {
  name: string;
  label: string;
  hint: string;
}

const SECRETS: Record<string, SecretField[]> = {
  "slack/bot": [{ name: "bot_token", label: "Bot token", hint: "Starts with xoxb-; needs chat:write" }],
  "slack/webhook": [{ name: "webhook_url", label: "Webhook URL", hint: "https://hooks.slack.com/services/…" }],
  "lark/bot": [
    { name: "app_id", label: "App id", hint: "Starts with cli_" },
    { name: "app_secret", label: "App secret", hint: "From the app's credentials page" },
  ],
  "lark/webhook": [
    { name: "webhook_url", label: "Webhook URL", hint: "https://open.larksuite.com/open-apis/bot/v2/hook/…" },
    { name: "signing_secret", label: "Signing secret", hint: "If the bot verifies signatures" },
  ],
};

/** The credentials that a platform asks for. */
export function secretFields(imType: string, transport: string): SecretField[] {
  return SECRETS[`${imType}/${transport}`] ?? [];
}

/** Where a receiver writes and by which means: "Slack, bot". */
export function platformOf({ im_type, transport }: Pick<Receiver, "im_type" | "transport">): string {
  return `${humanize(im_type)}, ${transport}`;
}

/** What is sent: secrets that were left empty, or that another platform asks for, stay out. */
export function receiverOf({ secrets, destination_id, ...draft }: ReceiverDraft): NewReceiver {
  const filled = secretFields(draft.im_type, draft.transport)
    .map(({ name }) => [name, secrets[name]?.trim()])
    .filter(([, value]) => value);
  return { ...draft, ...(destination_id.trim() && { destination_id: destination_id.trim() }), ...Object.fromEntries(filled) } as NewReceiver;
}
