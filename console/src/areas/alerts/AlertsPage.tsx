import { Button, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { alertQueries, type AlertFilters as Filters } from "@/api/alerts";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { useMe } from "@/api/session";
import { NoMatch } from "@/components/NoMatch";
import { Page } from "@/components/Page";
import { AssignMenu } from "@/components/people";
import { useHotkeys } from "@/hooks/useHotkeys";
import { useSelection } from "@/hooks/useSelection";
import { plural } from "@/ui/format";
import { Empty, Loaded, RowsSkeleton } from "@/ui/states";
import { AlertFilters } from "./AlertFilters";
import { AlertGrid } from "./AlertGrid";
import { useAlertActions } from "./useAlertActions";
import classes from "./Alerts.module.css";

export function AlertsPage() {
  return (
    <Page title="Alerts" permission="alerts:read" full>
      <AlertList />
    </Page>
  );
}

function AlertList() {
  const filters = useSearch({ from: "/app/alerts" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(alertQueries.list(filters));
  const alerts = useMemo(() => rowsOf(query.data, (alert) => alert.id), [query.data]);
  const ids = useMemo(() => alerts.map((alert) => alert.id), [alerts]);
  const { active, selected, move } = useSelection(ids);
  const { act, busy, results } = useAlertActions(alerts);
  const mayWrite = usePermission("alerts:write");
  const me = useMe();

  const open = (id: string) => void navigate({ to: "/alerts/$alertId", params: { alertId: id } });
  const setFilters = (search: Filters) => void navigate({ to: "/alerts", search, replace: true });
  const targets = () => (selected.size > 0 ? [...selected] : ids.slice(active, active + 1).filter(() => active >= 0));
  const actOn = (action: Parameters<typeof act>[0], userId?: string | null) => {
    if (!mayWrite) return;
    act(action, targets(), { userId, decided: () => move({ kind: "clear" }) });
  };
  const activeId = ids[active];
  useHotkeys({
    j: () => move({ kind: "step", by: 1 }),
    k: () => move({ kind: "step", by: -1 }),
    ArrowDown: () => move({ kind: "step", by: 1 }),
    ArrowUp: () => move({ kind: "step", by: -1 }),
    x: () => activeId && move({ kind: "toggle", id: activeId }),
    X: () => move({ kind: "extend", to: active }),
    Escape: () => move({ kind: "clear" }),
    "/": () => document.getElementById("alert-search")?.focus(),
    Enter: (event) => activeId && !(event.target instanceof HTMLElement && event.target.closest("a, button")) && open(activeId),
    a: () => me.user && actOn("assign", me.user.id),
    r: () => actOn("resolve"),
    f: () => actOn("false_positive"),
    i: () => actOn("investigate"),
  });

  return (
    <div className={classes.full}>
      <div className={classes.tools}>
        <AlertFilters filters={filters} onChange={setFilters} />
      </div>
      {selected.size > 0 && (
        <div className={classes.bulk} role="toolbar" aria-label="Selected alerts">
          <Text fw={500}>{plural(selected.size, "alert")} selected</Text>
          {mayWrite ? (
            <>
              <AssignMenu onAssign={(userId) => actOn("assign", userId)}>
                <Button variant="default">Assign</Button>
              </AssignMenu>
              <Button variant="default" loading={busy} onClick={() => actOn("resolve")}>Resolve</Button>
              <Button variant="default" onClick={() => actOn("false_positive")}>False positive</Button>
              <Button variant="default" onClick={() => actOn("ignore")}>Ignore</Button>
              <Button variant="default" onClick={() => actOn("reopen")}>Reopen</Button>
              <Button variant="default" onClick={() => actOn("investigate")}>Investigate</Button>
            </>
          ) : (
            <Text c="dimmed">Your role may read alerts but not change them</Text>
          )}
          <Button variant="subtle" onClick={() => move({ kind: "clear" })}>Clear</Button>
        </div>
      )}
      <Loaded query={query} skeleton={<RowsSkeleton rows={14} />}>
        {() =>
          alerts.length === 0 ? (
            <NoAlerts filtered={Object.keys(filters).length > 0} q={filters.q} onClear={() => setFilters({})} />
          ) : (
            <AlertGrid alerts={alerts} active={active} selected={selected} move={move} onOpen={open} more={query} />
          )
        }
      </Loaded>
      {results}
    </div>
  );
}

function NoAlerts({ filtered, q, onClear }: { filtered: boolean; q: string | undefined; onClear: () => void }) {
  if (!filtered) {
    return (
      <Empty icon={IconBellOff} title="No alerts yet">
        Alerts appear here as soon as a source posts to Steward. The overview shows how to point Alertmanager at it.
      </Empty>
    );
  }
  return <NoMatch what="alert" q={q} onClear={onClear} />;
}
