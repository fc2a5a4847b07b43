import { Button, Group, Modal, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type AlertAction, useAlertAction } from "@/api/alerts";
import { randomKey } from "@/api/client";
import type { AlertRow, BulkRequest, BulkResult } from "@/api/types";
import { plural } from "@/ui/format";
import { notifyFailure } from "@/ui/notify";
import { askReason } from "@/ui/reason";

const DO: Record<AlertAction, string> = {
  assign: "Assign",
  resolve: "Resolve",
  false_positive: "Mark as false positive",
  ignore: "Ignore",
  reopen: "Reopen",
  investigate: "Investigate",
};

const DONE: Record<AlertAction, string> = {
  assign: "assigned",
  resolve: "resolved",
  false_positive: "marked as false positive",
  ignore: "ignored",
  reopen: "reopened",
  investigate: "sent to investigation",
};

/* What reopening takes back. */
const UNDOABLE = new Set<AlertAction>(["resolve", "false_positive", "ignore"]);

/* What somebody may want to give a reason for. */
const REASONED = new Set<AlertAction>([...UNDOABLE, "reopen"]);

interface More {
  /** Who gets it, for `assign`. */
  userId?: string | null;
  /** Called once it is decided that something is done. */
  decided?: () => void;
}

interface Refused {
  action: AlertAction;
  rows: { title: string; detail: string }[];
}

type Result = BulkResult["results"][number];

/**
 * Acts on alerts and tells what came of it: how many were changed, with a way back where there is one,
 * and for each that was refused, why.
 */
export function useAlertActions(known: AlertRow[]) {
  const change = useAlertAction();
  const [refused, setRefused] = useState<Refused | null>(null);

  const titleOf = (id: string) => known.find((alert) => alert.id === id)?.title ?? id;

  function act(action: AlertAction, ids: string[], { userId, decided }: More = {}): void {
    if (ids.length === 0) return;
    const go = (reason?: string) => {
      send({ ids, action, user_id: userId, reason });
      decided?.();
    };
    if (!REASONED.has(action)) return go();
    const what = ids.length === 1 ? titleOf(ids[0] ?? "") : plural(ids.length, "alert");
    askReason({ title: `${DO[action]}: ${what}`, action: DO[action], onConfirm: go });
  }

  function send(request: BulkRequest & { action: AlertAction }): void {
    const { action } = request;
    change.mutate(
      request,
      {
        onSuccess: ({ results }) => report(action, results),
        onError: (error) => notifyFailure("The alerts were not changed", error),
      },
    );
  }

  function report(action: AlertAction, results: Result[]): void {
    const done = results.filter((result) => result.ok).map((result) => result.id);
    const failed = results.filter((result) => !result.ok);
    if (done.length > 0) announce(action, done);
    if (failed.length > 0) {
      setRefused({ action, rows: failed.map(({ id, detail, code }) => ({ title: titleOf(id), detail: detail ?? code ?? "Refused" })) });
    }
  }

  function announce(action: AlertAction, ids: string[]): void {
    const id = randomKey();
    notifications.show({
      id,
      color: "petrol",
      autoClose: 6_000,
      closeButtonProps: { "aria-label": "Dismiss" },
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text>
            {plural(ids.length, "alert")} {DONE[action]}
          </Text>
          {UNDOABLE.has(action) && (
            <Button
              variant="subtle"
              size="compact-xs"
              onClick={() => {
                notifications.hide(id);
                send({ ids, action: "reopen" });
              }}
            >
              Undo
            </Button>
          )}
        </Group>
      ),
    });
  }

  const results = (
    <Modal
      opened={refused !== null}
      onClose={() => setRefused(null)}
      size="lg"
      title={refused ? `${plural(refused.rows.length, "alert")} could not be ${DONE[refused.action]}` : ""}
    >
      <Table>
        <Table.Tbody>
          {refused?.rows.map((row) => (
            <Table.Tr key={row.title}>
              <Table.Td fw={500}>{row.title}</Table.Td>
              <Table.Td c="dimmed">{row.detail}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
  return { act, busy: change.isPending, results };
}
