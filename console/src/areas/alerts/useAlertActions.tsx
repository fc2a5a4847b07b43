import { Button, Group, Modal, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { type AlertAction, useAlertAction } from "@/api/alerts";
import { randomKey } from "@/api/client";
import type { AlertRow, BulkResult } from "@/api/types";
import { plural } from "@/ui/format";
import { notifyFailure } from "@/ui/notify";

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

  function act(action: AlertAction, ids: string[], userId?: string | null): void {
    if (ids.length === 0) return;
    change.mutate(
      { ids, action, user_id: userId },
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
      const title = (id: string) => known.find((alert) => alert.id === id)?.title ?? id;
      setRefused({ action, rows: failed.map(({ id, detail, code }) => ({ title: title(id), detail: detail ?? code ?? "Refused" })) });
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
                act("reopen", ids);
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
