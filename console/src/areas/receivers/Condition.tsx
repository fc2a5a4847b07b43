import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { receiverQueries } from "@/api/receivers";
import type { Receiver } from "@/api/types";
import { HealthTag } from "@/components/badges";
import { humanize } from "@/ui/format";
import { Tag } from "@/ui/Tag";
import { channelOf } from "./draft";

/** Whether a receiver is told anything, and how that goes. */
export function Condition({ receiver }: { receiver: Receiver }) {
  if (receiver.status !== "active") return <Tag tone="neutral">{humanize(receiver.status)}</Tag>;
  return receiver.awaits_confirmation ? <Tag tone="medium">Awaits its code</Tag> : <HealthTag health={receiver.health} />;
}

/** The channel of a receiver as the server calls it; one that it offers no more has its codes left. */
export function Platform({ receiver }: { receiver: Receiver }) {
  const { data: channels = [] } = useQuery(receiverQueries.channels);
  return channelOf(channels, receiver)?.name ?? `${humanize(receiver.im_type)}, ${receiver.transport}`;
}

/** A receiver's name, for those that name another by its id. */
export function ReceiverName({ id }: { id: string }) {
  const { data } = useInfiniteQuery(receiverQueries.list);
  return (data && rowsOf(data, (one) => one.id).find((one) => one.id === id)?.name) ?? "another receiver";
}
