import { Group, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Logo } from "@/components/Logo";
import classes from "./Guest.module.css";

interface Props {
  title: string;
  children: ReactNode;
}

/** The frame of pages that need nobody signed in. */
export function GuestPage({ title, children }: Props) {
  useDocumentTitle(`${title} · Steward`);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Group gap="sm" mb="md" justify="center" wrap="nowrap">
          <Logo size={30} />
          <Title order={1} fz={19}>{title}</Title>
        </Group>
        {children}
        <Text c="dimmed" mt="xl" ta="center">Every signal gets an owner, an answer and a record.</Text>
      </div>
    </main>
  );
}

/** A box on such a page. */
export function Card({ children }: { children: ReactNode }) {
  return <div className={classes.form}>{children}</div>;
}
