import { ActionIcon, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory, IconLock, IconPlus, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { rowsOf } from "@/api/paging";
import { usePermission } from "@/api/rights";
import { configurationsQuery, useDeleteConfiguration, useSetConfiguration } from "@/api/tenancy";
import type { Configuration } from "@/api/types";
import { Can } from "@/components/Can";
import { ConfigurationVersions } from "@/components/ConfigurationVersions";
import { confirm } from "@/ui/confirm";
import { type Column, DataTable } from "@/ui/DataTable";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Empty, Loaded } from "@/ui/states";
import { Time } from "@/ui/Time";
import { MONO } from "@/ui/mono";

const TOGGLE = { "aria-label": "Show or hide what was typed" };

/** Sealed values: they can be set and deleted, never read. */
export function Configurations() {
  const query = useInfiniteQuery(configurationsQuery);
  const mayWrite = usePermission("settings:write");
  const [opened, form] = useDisclosure(false);
  const [shown, show] = useState<Configuration | null>(null);
  const remove = useDeleteConfiguration();
  const askDelete = (one: Configuration) =>
    confirm({
      title: `Delete ${one.config_type}/${one.config_key}?`,
      body: "Its earlier versions go with it. Tools that use it will fail until it is set again.",
      action: "Delete value",
      onConfirm: () =>
        remove.mutate(one, {
          onSuccess: () => notifyDone("Value deleted"),
          onError: (error) => notifyFailure("The value was not deleted", error),
        }),
    });
  const columns: Column<Configuration>[] = [
    { key: "key", title: "Key", cell: (one) => <span className="mono">{one.config_key}</span> },
    { key: "type", title: "Type", width: 110, cell: (one) => one.config_type },
    { key: "value", title: "Value", width: 110, cell: () => <span className="dim">sealed</span>, optional: true },
    { key: "updated", title: "Set", width: 100, cell: (one) => <span className="dim"><Time at={one.updated_at} /></span>, optional: true },
    {
      key: "actions",
      title: "",
      width: 80,
      align: "right",
      cell: (one) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <ActionIcon aria-label={`Versions of ${one.config_key}`} onClick={() => show(one)}><IconHistory size={15} /></ActionIcon>
          {mayWrite && <ActionIcon aria-label={`Delete ${one.config_key}`} onClick={() => askDelete(one)}><IconTrash size={15} /></ActionIcon>}
        </Group>
      ),
    },
  ];
  const set = (
    <Can permission="settings:write">
      <Button variant="default" leftSection={<IconPlus size={14} />} onClick={form.open}>Set a value</Button>
    </Can>
  );
  return (
    <Section title="Sealed values" aside={set} flush>
      <Loaded query={query}>
        {(data) => {
          const all = rowsOf(data, (one) => one.id);
          if (all.length > 0) return <DataTable label="Sealed values" columns={columns} rows={all} rowKey={(one) => one.id} more={query} />;
          return (
            <Empty icon={IconLock} title="Nothing is sealed yet">
              Passwords and keys that tools and receivers use. They are encrypted when stored and never shown again.
            </Empty>
          );
        }}
      </Loaded>
      <Modal opened={opened} onClose={form.close} title="Set a sealed value">
        <SetForm onDone={form.close} />
      </Modal>
      <Modal opened={shown !== null} onClose={() => show(null)} title="Versions">
        {shown && <ConfigurationVersions of={shown} />}
      </Modal>
    </Section>
  );
}

function SetForm({ onDone }: { onDone: () => void }) {
  const set = useSetConfiguration();
  const form = useForm({
    initialValues: { config_type: "general", config_key: "", value: "" },
    validate: {
      config_type: (type) => (/^[a-z][a-z0-9_]{0,31}$/.test(type) ? null : "Small letters, digits and _"),
      config_key: (key) => (/^[\w.-]+$/.test(key) ? null : "Letters, digits, dots and dashes"),
      value: (value) => (value ? null : "Enter the value"),
    },
  });
  const submit = form.onSubmit((values) =>
    set.mutate(values, {
      onSuccess: () => {
        notifyDone("Value sealed");
        onDone();
      },
      onError: (error) => notifyFailure("The value was not stored", error),
    }),
  );
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <Group grow align="start">
          <TextInput label="Type" description="A word that groups values" required classNames={MONO} {...form.getInputProps("config_type")} />
          <TextInput label="Key" required data-autofocus classNames={MONO} {...form.getInputProps("config_key")} />
        </Group>
        <PasswordInput label="Value" required autoComplete="new-password" visibilityToggleButtonProps={TOGGLE} {...form.getInputProps("value")} />
        <Text c="dimmed" size="xs">A key that is already set gets the new value; the one before can be used again for a while.</Text>
        <Button type="submit" loading={set.isPending}>Seal and store</Button>
      </Stack>
    </form>
  );
}
