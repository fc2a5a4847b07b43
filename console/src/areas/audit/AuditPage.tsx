import { Button, Collapse, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { rowsOf } from "@/api/paging";
import { auditQuery } from "@/api/tenancy";
import type { AuditEntry } from "@/api/types";
import { FilterBar, SearchBox } from "@/components/Filters";
import { Page } from "@/components/Page";
import { Facts } from "@/ui/Facts";
import { humanize } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { differences } from "./diff";
import { subjectOf } from "./subject";
import classes from "./Audit.module.css";

export function AuditPage() {
  return (
    <Page title="Audit" permission="audit:read">
      <AuditLog />
    </Page>
  );
}

function AuditLog() {
  const filters = useSearch({ from: "/app/audit" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(auditQuery(filters));
  const set = (part: typeof filters) => void navigate({ to: "/audit", search: { ...filters, ...part }, replace: true });
  const filtered = Object.keys(filters).length > 0;
  const clear = <Button variant="subtle" onClick={() => void navigate({ to: "/audit", search: {}, replace: true })}>Clear all</Button>;
  return (
    <Stack gap="sm">
      <FilterBar
        search={
          <>
            <SearchBox label="Actor" value={filters.actor} onChange={(actor) => set({ actor })} />
            <SearchBox label="Action" value={filters.action} onChange={(action) => set({ action })} />
          </>
        }
      >
        {filtered && clear}
      </FilterBar>
      <Section title="Who did what" flush>
        <Loaded query={query}>
          {(data) => {
            const entries = rowsOf(data, (entry) => entry.id);
            if (entries.length === 0) return <Empty icon={IconHistory} title={filtered ? "Nothing matches these filters" : "Nothing has been done yet"} />;
            return (
              <>
                {entries.map((entry) => <Entry key={entry.id} entry={entry} />)}
                {query.hasNextPage && (
                  <Stack align="center" p="sm">
                    <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Show more</Button>
                  </Stack>
                )}
              </>
            );
          }}
        </Loaded>
      </Section>
    </Stack>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const [opened, setOpened] = useState(false);
  return (
    <div className={classes.entry}>
      <UnstyledButton className={classes.summary} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        <IconChevronRight size={13} style={{ transform: opened ? "rotate(90deg)" : undefined, alignSelf: "center" }} />
        <span className="dim"><Time at={entry.occurred_at} /></span>
        <span style={{ fontWeight: 500 }}>{entry.actor_name ?? humanize(entry.actor_type)}</span>
        <span className="mono">{entry.action}</span>
        <span className="dim truncate">{humanize(entry.subject_type)} <span className="mono">{subjectOf(entry)}</span></span>
      </UnstyledButton>
      <Collapse expanded={opened}>{opened && <EntryDetails entry={entry} />}</Collapse>
    </div>
  );
}

function EntryDetails({ entry }: { entry: AuditEntry }) {
  const changes = differences(entry.before, entry.after);
  return (
    <div className={classes.details}>
      <Facts
        items={[
          ["Reason", entry.reason],
          ["Subject", <Subject key="subject" entry={entry} />],
          ["From", entry.ip && <span key="ip" className="mono">{entry.ip}</span>],
          ["With", entry.user_agent],
        ]}
      />
      {changes.length === 0 ? (
        <Text c="dimmed">No fields are recorded for this entry.</Text>
      ) : (
        <table className={classes.diff}>
          <thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.path}>
                <th scope="row">{change.path}</th>
                <td className={change.kind === "added" ? undefined : classes.before}>{show(change.before)}</td>
                <td className={change.kind === "removed" ? undefined : classes.after}>{show(change.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** What was acted on, and the way to all that was ever done to it. */
function Subject({ entry }: { entry: AuditEntry }) {
  const search = { subject_type: entry.subject_type, subject_id: entry.subject_id };
  return (
    <>
      <span className="mono">{entry.subject_type} {entry.subject_id}</span>{" "}
      <Link to="/audit" search={search}>Its whole history</Link>
    </>
  );
}

function show(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
