import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Section.module.css";

interface Props {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  /** For tables and lists that bring their own padding. */
  flush?: true;
}

export function Section({ title, aside, children, flush }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <div className={classes.head}>
        <Title order={2}>{title}</Title>
        {aside}
      </div>
      <div className={flush ? undefined : classes.body}>{children}</div>
    </section>
  );
}
