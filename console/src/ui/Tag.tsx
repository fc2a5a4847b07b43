import type { ReactNode } from "react";
import classes from "./Tag.module.css";

export type Tone = "critical" | "high" | "medium" | "low" | "ok" | "neutral" | "accent";

interface Props {
  tone: Tone;
  children: ReactNode;
  dot?: "still" | "pulse";
}

/** A small coloured word. The word carries the meaning; the colour only helps to find it. */
export function Tag({ tone, children, dot }: Props) {
  return (
    <span className={classes.tag} style={{ color: `var(--st-${tone})`, background: `var(--st-${tone}-soft)` }}>
      {dot && <span className={dot === "pulse" ? `${classes.dot} ${classes.pulse}` : classes.dot} />}
      {children}
    </span>
  );
}
