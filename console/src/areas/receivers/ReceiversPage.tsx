import { Button, Drawer, Group, Stack } from "@mantine/core";
import { IconBroadcast, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { rowsOf } from "@/api/paging";
import { receiverQueries } from "@/api/receivers";
import { usePermission } from "@/api/rights";
import type { Receiver } from "@/api/types";
import { Can } from "@/components/Can";
import { NobodyTold } from "@/components/NobodyTold";
import { useOwnerColumn } from "@/components/owner";
import { Page } from "@/components/Page";
import { type Column, DataTable } from "@/ui/DataTable";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { Condition, Platform } from "./Condition";
import { hoursOf, severitiesOf } from "./listening";
import { ReceiverForm } from "./ReceiverForm";
import { TestButton } from "./TestButton";

const columns: Column<Receiver>[] = [
  {
    key: "name",
    title: "Receiver",
    cell: (receiver) => (
      <div style={{ minWidth: 120 }}>
        <Group gap="2px 8px">
          <Link to="/receivers/$receiverId" params={{ receiverId: receiver.id }} style={{ color: "var(--st-text)", fontWeight: 500 }}>
            {receiver.name}
          </Link>
          {receiver.is_default && <Tag tone="accent">Default</Tag>}
        </Group>
        <span className="mono dim">{receiver.receiver_im}</span>
        {receiver.health === "failing" && receiver.last_error && <div style={{ color: "var(--st-critical)" }}>{receiver.last_error}</div>}
      </div>
    ),
  },
  { key: "kind", title: "Platform", room: "some", width: 150, cell: (receiver) => <Platform receiver={receiver} />, optional: true },
  {
    key: "health",
    title: "Health",
    width: 120,
    cell: (receiver) => <Condition receiver={receiver} />,
  },
  { key: "hears", title: "Told of", room: "much", width: 165, cell: (receiver) => <Hears receiver={receiver} />, optional: true },
  { key: "delivered", title: "Last delivered", room: "some", width: 110, cell: (receiver) => <span className="dim"><Time at={receiver.last_delivered_at} /></span>, optional: true },
  { key: "test", title: "", width: 120, align: "right", cell: (receiver) => (receiver.awaits_confirmation ? <EnterCode receiver={receiver} /> : <TestButton receiver={receiver} size="compact-xs" />) },
];

function Hears({ receiver }: { receiver: Receiver }) {
  return (
    <div className="dim">
      {severitiesOf(receiver)}
      {receiver.hours && <div className="nowrap">{hoursOf(receiver.hours)}</div>}
    </div>
  );
}

/** There is nothing to test before the address has agreed. */
function EnterCode({ receiver }: { receiver: Receiver }) {
  if (!usePermission("receivers:write", { node: receiver.node_id })) return null;
  return (
    <Button variant="default" size="compact-xs" renderRoot={(props) => <Link to="/receivers/$receiverId" params={{ receiverId: receiver.id }} {...props} />}>
      Enter code
    </Button>
  );
}

export function ReceiversPage() {
  const navigate = useNavigate();
  const { edit } = useSearch({ from: "/app/receivers" });
  const mayWrite = usePermission("receivers:write");
  const query = useInfiniteQuery({ ...receiverQueries.list, enabled: usePermission("receivers:read") });
  const shown = [...columns.slice(0, 3), ...useOwnerColumn<Receiver>(), ...columns.slice(3)];
  const show = (id?: string) => void navigate({ to: "/receivers", search: id ? { edit: id } : {} });
  /* Where a code is asked for, it is entered on the receiver's page. */
  const finish = (saved: Receiver) =>
    saved.awaits_confirmation ? void navigate({ to: "/receivers/$receiverId", params: { receiverId: saved.id } }) : show();
  const add = (
    <Can permission="receivers:write">
      <Button leftSection={<IconPlus size={14} />} onClick={() => show("new")}>New receiver</Button>
    </Can>
  );
  return (
    <Page title="Receivers" permission="receivers:read" actions={add}>
      <Stack gap="md">
        <NobodyTold here />
        <Section title="Channels that are told" flush>
          <Loaded query={query}>
            {(data) => {
              const receivers = rowsOf(data, (receiver) => receiver.id);
              if (receivers.length > 0) {
                return <DataTable label="Receivers" columns={shown} rows={receivers} rowKey={(receiver) => receiver.id} more={query} />;
              }
              return (
                <Empty icon={IconBroadcast} title="No receivers yet">
                  A receiver is a channel or chat of a team. It is told of each issue as that moves on.
                </Empty>
              );
            }}
          </Loaded>
        </Section>
      </Stack>
      <Drawer opened={mayWrite && edit === "new"} onClose={() => show()} title="New receiver">
        <ReceiverForm receiver={null} onSaved={finish} />
      </Drawer>
    </Page>
  );
}
