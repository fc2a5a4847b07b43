import { ActionIcon, Button, Group, Popover, Stack, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useChangeQueue } from "@/api/jobs";
import { usePermission } from "@/api/rights";
import type { Queue } from "@/api/types";
import { formatCount } from "@/ui/format";
import { notifyFailure } from "@/ui/notify";
import { LIMIT_RULE, parseLimit } from "./parse-limit";
import classes from "./Jobs.module.css";

/** How many jobs of a queue run at once, and the way to change it. */
export function Limit({ queue }: { queue: Queue }) {
  const mayWrite = usePermission("jobs:write");
  const [opened, setOpened] = useState(false);
  return (
    <span className={classes.limit}>
      {queue.concurrency ? formatCount(queue.concurrency) : <span className="dim">none</span>}
      {mayWrite && (
        <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon size="sm" aria-label={`Edit the limit of ${queue.queue}`} onClick={() => setOpened(!opened)}>
              <IconPencil size={14} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={`Limit of ${queue.queue}`}>
            <LimitForm queue={queue} onClose={() => setOpened(false)} />
          </Popover.Dropdown>
        </Popover>
      )}
    </span>
  );
}

/** Enter saves, Escape leaves it as it is. */
function LimitForm({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const [text, setText] = useState(String(queue.concurrency ?? ""));
  const [refused, setRefused] = useState(false);
  const change = useChangeQueue(queue.queue);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const concurrency = parseLimit(text);
    if (concurrency === undefined) return setRefused(true);
    if (concurrency === (queue.concurrency ?? null)) return onClose();
    return change.mutate({ concurrency }, { onSuccess: onClose, onError: (error) => notifyFailure("The limit was not saved", error) });
  };
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="xs" w={230}>
        <TextInput
          label={`Run at once in ${queue.queue}`}
          description="At most, over all processes of the server"
          placeholder="No limit"
          inputMode="numeric"
          autoComplete="off"
          data-autofocus
          error={refused && LIMIT_RULE}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setRefused(false);
          }}
        />
        <Group gap="xs" justify="end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={change.isPending}>Save</Button>
        </Group>
      </Stack>
    </form>
  );
}
