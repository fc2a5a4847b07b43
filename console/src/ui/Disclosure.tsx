import { Collapse, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./Disclosure.module.css";

interface Props {
  label: string;
  /** Drawn once it is opened. */
  children: ReactNode;
}

/** Something that is shown when it is asked for. */
export function Disclosure({ label, children }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <div>
      <UnstyledButton className={classes.button} onClick={() => setOpened(!opened)} aria-expanded={opened}>
        <IconChevronRight size={13} className={classes.mark} data-opened={opened || undefined} />
        {label}
      </UnstyledButton>
      <Collapse expanded={opened}>{opened && <div className={classes.content}>{children}</div>}</Collapse>
    </div>
  );
}
