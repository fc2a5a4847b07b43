import { Button, Group, Stack } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Tagged } from "@/api/client";
import { keys } from "@/api/keys";
import { rowsOf } from "@/api/paging";
import { receiverQueries, useDeleteReceiver, useRetryDelivery } from "@/api/receivers";
import { usePermission } from "@/api/rights";
import type { Delivery, Receiver } from "@/api/types";
import { KeptText } from "@/components/Changed";
import { Can } from "@/components/Can";
import { NodeName } from "@/components/NodeSelect";
import { useIsDivided, WhyReadOnly } from "@/components/owner";
import { Page } from "@/components/Page";
import { type TakeTheirs, useTheirs } from "@/hooks/useEditing";
import { Columns } from "@/ui/Columns";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { Facts } from "@/ui/Facts";
import { humanize } from "@/ui/format";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag, type Tone } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { Credentials } from "./Credentials";
import { Condition, Platform, ReceiverName } from "./Condition";
import { Confirmation } from "./Confirmation";
import { hoursOf, severitiesOf } from "./listening";
import { ReceiverForm } from "./ReceiverForm";
import { TestButton } from "./TestButton";

const ABOVE = [{ label: "Receivers", to: "/receivers" as const }];

export function ReceiverPage() {
  const { receiverId } = useParams({ from: "/app/receivers/$receiverId" });
  const query = useQuery({ ...receiverQueries.one(receiverId), enabled: usePermission("receivers:read") });
  const theirs = useTheirs(keys.receivers.one(receiverId));
  return (
    <Page
      title={query.data?.name ?? "Receiver"}
      above={ABOVE}
      permission="receivers:read"
      actions={query.data && <ReceiverActions receiver={query.data} />}
    >
      <KeptText text={theirs.kept} onDone={theirs.drop} />
      <Loaded query={query}>
        {(receiver) => <ReceiverDetails key={`${receiver.id} ${theirs.round}`} receiver={receiver} onTake={theirs.take} />}
      </Loaded>
    </Page>
  );
}

function ReceiverActions({ receiver }: { receiver: Receiver }) {
  const navigate = useNavigate();
  const remove = useDeleteReceiver();
  const ask = () =>
    confirm({
      title: `Delete the receiver ${receiver.name}?`,
      body: "Its credentials are erased. Senders that name it are told by the default receiver instead.",
      action: "Delete receiver",
      onConfirm: () =>
        remove.mutate(receiver.id, {
          onSuccess: () => {
            notifyDone("Receiver deleted");
            void navigate({ to: "/receivers" });
          },
          onError: (error) => notifyFailure("The receiver was not deleted", error),
        }),
    });
  return (
    <Group gap="xs">
      {!receiver.awaits_confirmation && <TestButton receiver={receiver} />}
      <Can permission="receivers:write" where={{ node: receiver.node_id }}>
        <Button variant="default" onClick={ask}>Delete</Button>
      </Can>
    </Group>
  );
}

function ReceiverDetails({ receiver, onTake }: { receiver: Tagged<Receiver>; onTake: TakeTheirs }) {
  const where = { node: receiver.node_id };
  const mayWrite = usePermission("receivers:write", where);
  const divided = useIsDivided();
  return (
    <Columns
      side={
        <Section title={mayWrite ? "Configuration" : "Facts"}>
          <Facts
            items={[
              ["Platform", <Platform key="platform" receiver={receiver} />],
              ["Belongs to", divided && !mayWrite ? <NodeName key="node" id={receiver.node_id} /> : null],
              ["Health", <Condition key="health" receiver={receiver} />],
              ...(mayWrite ? [] : listeningOf(receiver)),
              ["Last delivered", <Time key="delivered" at={receiver.last_delivered_at} />],
              ["Last failed", receiver.last_failed_at && <Time key="failed" at={receiver.last_failed_at} />],
              ["Last error", receiver.last_error],
            ]}
          />
          <div style={{ marginTop: 16 }}>
            {mayWrite ? <ReceiverForm receiver={receiver} onSaved={() => undefined} onTake={onTake} /> : <WhyReadOnly permission="receivers:write" where={where} />}
          </div>
        </Section>
      }
    >
      <Stack gap="md">
        {receiver.awaits_confirmation && <Confirmation receiver={receiver} />}
        <Credentials receiver={receiver} />
        <Deliveries receiver={receiver} />
      </Stack>
    </Columns>
  );
}

/** What the form says to those who may change it. */
const listeningOf = (receiver: Receiver): [string, ReactNode][] => [
  ["Told of", severitiesOf(receiver)],
  ["Hours", receiver.hours && `${hoursOf(receiver.hours)} (${receiver.hours.time_zone})`],
  ["Told instead", receiver.fallback_id && <ReceiverName key="instead" id={receiver.fallback_id} />],
];

const TONES: Record<string, Tone> = { delivered: "ok", failed: "critical", dead: "critical", pending: "accent", retrying: "medium" };
const RETRYABLE = new Set(["failed", "dead"]);

function Deliveries({ receiver }: { receiver: Receiver }) {
  const query = useInfiniteQuery(receiverQueries.deliveries(receiver.id));
  const retry = useRetryDelivery();
  const again = (id: string) =>
    retry.mutate(id, {
      onSuccess: () => notifyDone("The message is sent again"),
      onError: (error) => notifyFailure("The message was not sent again", error),
    });
  const columns: Column<Delivery>[] = [
    { key: "title", title: "About", cell: (delivery) => <Subject delivery={delivery} /> },
    { key: "state", title: "State told", room: "some", width: 130, cell: (delivery) => <span className="dim nowrap">{delivery.state ? humanize(delivery.state) : "–"}</span>, optional: true },
    { key: "status", title: "Delivery", width: 100, cell: (delivery) => <Tag tone={TONES[delivery.status] ?? "neutral"}>{humanize(delivery.status)}</Tag> },
    { key: "attempts", title: "Attempts", room: "much", width: 80, align: "right", cell: (delivery) => delivery.attempts, optional: true },
    { key: "created", title: "When", width: 90, cell: (delivery) => <span className="dim"><Time at={delivery.delivered_at ?? delivery.created_at} /></span> },
    {
      key: "retry",
      title: "",
      width: 80,
      align: "right",
      cell: (delivery) =>
        RETRYABLE.has(delivery.status) && (
          <Can permission="receivers:write" where={{ node: receiver.node_id }}>
            <Button variant="default" size="compact-xs" onClick={() => again(delivery.id)}>Retry</Button>
          </Can>
        ),
    },
  ];
  return (
    <Section title="Deliveries" flush>
      <Loaded query={query}>
        {(data) => {
          const deliveries = rowsOf(data, (delivery) => delivery.id);
          if (deliveries.length === 0) return <Empty icon={IconMailOff} title="Nothing was sent yet" />;
          return <DataTable label="Deliveries" columns={columns} rows={deliveries} rowKey={(delivery) => delivery.id} more={query} />;
        }}
      </Loaded>
    </Section>
  );
}

function Subject({ delivery }: { delivery: Delivery }) {
  return (
    <div style={{ minWidth: 0 }}>
      {delivery.subject_type === "issue" ? (
        <Link to="/issues/$issueId" params={{ issueId: delivery.subject_id }} style={{ color: "var(--st-text)", fontWeight: 500 }}>{delivery.title}</Link>
      ) : (
        delivery.title
      )}
      {delivery.instead_of && (
        <div><Link to="/receivers/$receiverId" params={{ receiverId: delivery.instead_of }} className="dim">Told instead of <ReceiverName id={delivery.instead_of} /></Link></div>
      )}
      {delivery.error && <div style={{ color: "var(--st-critical)" }}>{delivery.error}</div>}
    </div>
  );
}
