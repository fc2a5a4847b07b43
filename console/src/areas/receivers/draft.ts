import type { Channel, ChannelSetting, NewReceiver, Receiver, ReceiverHours } from "@/api/types";

export interface ReceiverDraft {
  name: string;
  receiver_im: string;
  im_type: string;
  transport: string;
  destination_id: string;
  is_default: boolean;
  status: string;
  node_id: string | null;
  min_severity: string;
  hours: ReceiverHours | null;
  fallback_id: string | null;
  secrets: Record<string, string>;
}

type Address = Pick<ReceiverDraft, "im_type" | "transport">;

/** A receiver as its form begins: secrets go in and never come out. A new one has this owner until another is chosen. */
export function draftOf(receiver: Receiver | null, first: Address | undefined, owner: string | null = null): ReceiverDraft {
  return {
    name: receiver?.name ?? "",
    receiver_im: receiver?.receiver_im ?? "",
    im_type: receiver?.im_type ?? first?.im_type ?? "",
    transport: receiver?.transport ?? first?.transport ?? "",
    destination_id: receiver?.destination_id ?? "",
    is_default: receiver?.is_default ?? false,
    status: receiver?.status ?? "active",
    node_id: receiver ? (receiver.node_id ?? null) : owner,
    min_severity: receiver?.min_severity ?? "low",
    hours: receiver?.hours ?? null,
    fallback_id: receiver?.fallback_id ?? null,
    secrets: {},
  };
}

/** The channel of a receiver; none when the server knows no such any more. */
export function channelOf(channels: Channel[], { im_type, transport }: Address): Channel | undefined {
  return channels.find((channel) => channel.im_type === im_type && channel.transport === transport);
}

export function destinationOf(channel: Channel | undefined): ChannelSetting | undefined {
  return channel?.settings.find((setting) => !setting.credential);
}

export function credentialsOf(channel: Channel | undefined): ChannelSetting[] {
  return channel?.settings.filter((setting) => setting.credential) ?? [];
}

/** What is sent: secrets that were left empty, or that another channel asks for, stay out. */
export function receiverOf({ secrets, destination_id, ...draft }: ReceiverDraft, channels: Channel[]): NewReceiver {
  const channel = channelOf(channels, draft);
  const filled = credentialsOf(channel)
    .map(({ name }) => [name, secrets[name]?.trim()])
    .filter(([, value]) => value);
  const destination = destinationOf(channel) && destination_id.trim();
  return { ...draft, ...(destination && { destination_id: destination }), ...Object.fromEntries(filled) } as NewReceiver;
}
