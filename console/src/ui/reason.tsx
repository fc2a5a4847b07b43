import { Button, Group, Stack, TextInput } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useState } from "react";
import type { FormEvent } from "react";

interface Decision {
  title: string;
  /** The word on the button. */
  action: string;
  onConfirm: (reason: string | undefined) => void;
}

/* As long as the server keeps it. */
const LONGEST = 1_000;

/** Lets a person say why they do something, or not: Enter goes on either way, Escape leaves. */
export function askReason({ title, action, onConfirm }: Decision): void {
  const id = modals.open({
    title,
    size: "sm",
    children: (
      <ReasonForm
        action={action}
        onCancel={() => modals.close(id)}
        onConfirm={(reason) => {
          modals.close(id);
          onConfirm(reason);
        }}
      />
    ),
  });
}

function ReasonForm({ action, onConfirm, onCancel }: Pick<Decision, "action" | "onConfirm"> & { onCancel: () => void }) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm(text.trim() || undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Reason (optional)"
          placeholder="Kept in its history"
          maxLength={LONGEST}
          autoComplete="off"
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group gap="xs" justify="end">
          <Button variant="default" onClick={onCancel}>Cancel</Button>
          <Button type="submit">{action}</Button>
        </Group>
      </Stack>
    </form>
  );
}
