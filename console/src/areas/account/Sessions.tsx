import { Button, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sessionsQuery, useEndOtherSessions, useEndSession } from "@/api/account";
import type { Session } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { browserName } from "./browser";

/** Where the person is signed in, in every organization. */
export function Sessions() {
  const query = useQuery(sessionsQuery);
  const others = query.data?.items.filter((session) => !session.current).length ?? 0;
  return (
    <Section title="Where you are signed in" flush aside={others > 0 && <EndOthers count={others} />}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={2} />}>
        {({ items }) => <DataTable label="Sessions" columns={COLUMNS} rows={items} rowKey={(session) => session.id} />}
      </Loaded>
    </Section>
  );
}

const COLUMNS: Column<Session>[] = [
  {
    key: "browser",
    title: "Browser",
    cell: (session) => (
      <div style={{ minWidth: 0 }}>
        <Tooltip label={session.user_agent ?? "It did not say what it is"} multiline maw={420}>
          <span style={{ fontWeight: 500 }}>{browserName(session.user_agent)}</span>
        </Tooltip>
        <div className="dim">{session.ip ?? "From an unknown address"}</div>
      </div>
    ),
  },
  { key: "organization", title: "Organization", width: 180, cell: (session) => session.organization },
  { key: "opened", title: "Signed in", width: 120, cell: (session) => <span className="dim"><Time at={session.created_at} /></span>, optional: true },
  { key: "seen", title: "Last used", width: 120, cell: (session) => <span className="dim"><Time at={session.last_seen_at} /></span>, optional: true },
  { key: "actions", title: "", width: 110, align: "right", cell: (session) => (session.current ? <Tag tone="ok">This one</Tag> : <End session={session} />) },
];

function End({ session }: { session: Session }) {
  const end = useEndSession();
  const done = { onSuccess: () => notifyDone("The session has ended"), onError: (error: unknown) => notifyFailure("The session goes on", error) };
  return (
    <Button variant="default" size="compact-xs" loading={end.isPending} aria-label={`End the session of ${browserName(session.user_agent)}`} onClick={() => end.mutate(session.id, done)}>
      End
    </Button>
  );
}

function EndOthers({ count }: { count: number }) {
  const end = useEndOtherSessions();
  const ask = () =>
    confirm({
      title: "End all other sessions?",
      body: `${count === 1 ? "One other browser is" : `${count} other browsers are`} signed out at once. Somebody who knows your password can sign in again: change it if you do not know one of them.`,
      action: "End them",
      onConfirm: () => end.mutate(undefined, { onSuccess: () => notifyDone("All other sessions have ended"), onError: (error) => notifyFailure("They go on", error) }),
    });
  return <Button variant="default" size="compact-xs" onClick={ask}>End all others</Button>;
}
