import { Checkbox } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { AlertRow as Row } from "@/api/types";
import type { Move } from "@/hooks/useSelection";
import { AlertRow } from "./AlertRow";
import classes from "./Alerts.module.css";

interface Props {
  alerts: Row[];
  active: number;
  selected: ReadonlySet<string>;
  move: (move: Move) => void;
  onOpen: (id: string) => void;
  more: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

const ROWS_AHEAD = 20;

/** The list of alerts. Only the rows in view are drawn; the next page is read before its end is reached. */
export function AlertGrid({ alerts, active, selected, move, onOpen, more }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery("(max-width: 640px)") ?? false;
  const height = narrow ? 62 : 38;
  // The compiler leaves this component alone, which is right: the virtualizer changes behind its back.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    scrollMargin: 34,
    overscan: 12,
  });
  useEffect(() => rows.measure(), [rows, height]);
  useEffect(() => {
    if (active >= 0) rows.scrollToIndex(active);
  }, [rows, active]);

  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = more;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= alerts.length - ROWS_AHEAD) void fetchNextPage();
  }, [alerts.length, fetchNextPage, hasNextPage, isFetchingNextPage, last]);

  const activeAlert = alerts[active];
  return (
    <div
      ref={frame}
      className={classes.grid}
      role="grid"
      tabIndex={0}
      aria-label="Alerts"
      aria-multiselectable
      aria-rowcount={hasNextPage ? -1 : alerts.length + 1}
      aria-activedescendant={activeAlert && `alert-${activeAlert.id}`}
    >
      <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.header}`}>
        <span role="columnheader">
          <Checkbox
            size="xs"
            aria-label="Select all that are loaded"
            checked={selected.size > 0 && selected.size === alerts.length}
            indeterminate={selected.size > 0 && selected.size < alerts.length}
            onChange={() => move({ kind: "all" })}
          />
        </span>
        <span role="columnheader" className={classes.mid}>Severity</span>
        <span role="columnheader">Alert</span>
        <span role="columnheader" className={classes.mid}>Status</span>
        <span role="columnheader" className={`${classes.wide} ${classes.mid}`}>Source</span>
        <span role="columnheader" className={`${classes.wide} ${classes.mid}`}>Assigned to</span>
        <span role="columnheader" className={classes.mid} style={{ textAlign: "right" }}>Last seen</span>
      </div>
      <div role="rowgroup" style={{ position: "relative", height: rows.getTotalSize() }}>
        {visible.map(({ index, start, size }) => {
          const alert = alerts[index];
          if (!alert) return null;
          return (
            <AlertRow
              key={alert.id}
              alert={alert}
              index={index}
              style={{ height: size, transform: `translateY(${start - 34}px)` }}
              selected={selected.has(alert.id)}
              active={index === active}
              onOpen={() => onOpen(alert.id)}
              onToggle={(event) => {
                event.stopPropagation();
                move(event.shiftKey ? { kind: "extend", to: index } : { kind: "toggle", id: alert.id });
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
