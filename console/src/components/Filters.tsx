import { Button, Checkbox, CloseButton, Popover, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { formatCount, humanize } from "@/ui/format";
import classes from "./Filters.module.css";

export interface Choice {
  value: string;
  label?: string;
  count?: number;
}

interface ManyProps {
  label: string;
  /** Comma separated, as it stands in the address. */
  value: string | undefined;
  choices: Choice[];
  onChange: (value: string | undefined) => void;
}

/** Picks any number of values; the button says which are chosen. */
export function FilterMany({ label, value, choices, onChange }: ManyProps) {
  const chosen = value ? value.split(",") : [];
  const known = [...choices, ...chosen.filter((one) => choices.every((choice) => choice.value !== one)).map((one) => ({ value: one }) as Choice)];
  const toggle = (one: string) => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    onChange(next.length > 0 ? next.join(",") : undefined);
  };
  const shown = chosen.length > 2 ? `${chosen.length} chosen` : chosen.map(humanize).join(", ");
  return (
    <Popover position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant={chosen.length > 0 ? "light" : "default"} rightSection={<IconChevronDown size={13} />}>
          {shown ? `${label}: ${shown}` : label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <Stack gap={8}>
          {known.map((choice) => (
            <Checkbox
              key={choice.value}
              size="xs"
              checked={chosen.includes(choice.value)}
              onChange={() => toggle(choice.value)}
              label={`${choice.label ?? humanize(choice.value)}${choice.count === undefined ? "" : ` (${formatCount(choice.count)})`}`}
            />
          ))}
          {chosen.length > 0 && (
            <Button variant="subtle" size="compact-xs" onClick={() => onChange(undefined)}>
              Clear
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface OneProps {
  label: string;
  value: string | undefined;
  /** The first of them, with an empty value, stands for no filter. */
  choices: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
  width?: number;
}

/** Picks one value or none. */
export function FilterOne({ label, value, choices, onChange, width = 132 }: OneProps) {
  return <Select aria-label={label} w={width} data={choices} value={value ?? ""} onChange={(next) => onChange(next || undefined)} />;
}

/** Whose things are shown. */
export const OWNERS = [{ value: "", label: "Anyone's" }, { value: "me", label: "Mine" }, { value: "none", label: "Nobody's" }];

interface SearchProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  inputId?: string;
}

/** A search box that waits for a pause in typing. */
export function SearchBox({ label, value, onChange, inputId }: SearchProps) {
  const [draft, setDraft] = useState(value ?? "");
  const sent = useRef(value ?? "");
  const send = useDebouncedCallback((text: string) => {
    sent.current = text.trim();
    onChange(text.trim() || undefined);
  }, 250);
  useEffect(() => {
    if ((value ?? "") === sent.current) return;
    sent.current = value ?? "";
    setDraft(value ?? "");
  }, [value]);
  const change = (text: string) => {
    setDraft(text);
    send(text);
  };
  return (
    <TextInput
      id={inputId}
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={14} />}
      rightSection={draft && <CloseButton size="xs" aria-label="Clear search" onClick={() => change("")} />}
      value={draft}
      onChange={(event) => change(event.currentTarget.value)}
      w={{ base: "100%", xs: 240 }}
    />
  );
}

/** What to search for, and what to choose from. On a phone the choices are one line that scrolls sideways. */
export function FilterBar({ search, children }: { search: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.bar} role="search">
      {search}
      {children && <div className={classes.choices}>{children}</div>}
    </div>
  );
}
