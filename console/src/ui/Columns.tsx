import type { ReactNode } from "react";
import classes from "./Columns.module.css";

/** A wide column and a narrow one. Where there is room for one only, they follow each other. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>{children}</div>
      <div className={classes.column}>{side}</div>
    </div>
  );
}

/** A part of the wide column that is long: where there is one column only, it comes after the narrow one's parts. */
export function Late({ children }: { children: ReactNode }) {
  return <div className={classes.late}>{children}</div>;
}
