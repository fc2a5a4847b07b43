import type { ReactNode } from "react";
import { Fragment } from "react";
import classes from "./Facts.module.css";

/** Names and values, one pair to a line; pairs without a value are left out. */
export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className={classes.list}>
      {items
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
