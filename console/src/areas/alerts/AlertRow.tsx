import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CSSProperties, MouseEvent } from "react";
import type { AlertRow as Row } from "@/api/types";
import { AlertStatusTag, SeverityTag } from "@/components/badges";
import { Person } from "@/components/people";
import { plural } from "@/ui/format";
import { Time } from "@/ui/Time";
import { summarizeLabels } from "./labels";
import classes from "./Alerts.module.css";

interface Props {
  alert: Row;
  index: number;
  style: CSSProperties;
  selected: boolean;
  active: boolean;
  onToggle: (event: MouseEvent) => void;
  onOpen: () => void;
}

export function AlertRow({ alert, index, style, selected, active, onToggle, onOpen }: Props) {
  return (
    <div
      role="row"
      tabIndex={-1}
      id={`alert-${alert.id}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-active={active || undefined}
      className={`${classes.row} ${classes.item}`}
      style={style}
      onClick={onOpen}
      onKeyDown={(event) => event.key === "Enter" && event.target === event.currentTarget && onOpen()}
    >
      <span role="gridcell">
        <Checkbox size="xs" checked={selected} readOnly tabIndex={-1} aria-label={`Select ${alert.title}`} onClick={onToggle} />
      </span>
      <span role="gridcell" className={classes.mid}>
        <SeverityTag severity={alert.severity} />
      </span>
      <span role="gridcell" style={{ minWidth: 0 }}>
        <span className={classes.title}>
          <Link to="/alerts/$alertId" params={{ alertId: alert.id }} className="truncate" tabIndex={-1} onClick={(event) => event.stopPropagation()}>
            {alert.title}
          </Link>
          {alert.occurrences > 1 && (
            <span className={`${classes.times} ${classes.mid}`} title={plural(alert.occurrences, "occurrence")}>
              ×{alert.occurrences}
            </span>
          )}
          <span className={`${classes.sub} truncate`}>{summarizeLabels(alert.labels)}</span>
        </span>
        <span className={classes.narrow}>
          <SeverityTag severity={alert.severity} />
          <AlertStatusTag status={alert.status} />
          <span className={classes.seen}><Time at={alert.last_seen_at} /></span>
        </span>
      </span>
      <span role="gridcell" className={classes.mid}>
        <AlertStatusTag status={alert.status} />
      </span>
      <span role="gridcell" className={`${classes.wide} ${classes.mid} dim truncate`}>
        {alert.source}
      </span>
      <span role="gridcell" className={`${classes.wide} ${classes.mid} truncate`}>
        <Person person={alert.assigned_to} />
      </span>
      <span role="gridcell" className={`${classes.mid} dim`} style={{ textAlign: "right" }}>
        <Time at={alert.last_seen_at} />
      </span>
    </div>
  );
}
