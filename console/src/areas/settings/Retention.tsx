import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { usePermission } from "@/api/rights";
import { settingsQuery, useResetSetting, useSetSetting } from "@/api/settings";
import type { Setting } from "@/api/types";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { Time } from "@/ui/Time";

/** How long each kind of data is kept. What there is, and what it may be, comes from the server. */
export function Retention() {
  const query = useQuery(settingsQuery);
  return (
    <Section title="Data retention">
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {({ items }) => (
          <Stack gap="lg">
            {items.filter((one) => one.key.endsWith("kept_days")).map((one) => <SettingField key={one.key} setting={one} />)}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

/** What the server's JSON Schema says of a number. */
interface NumberSchema {
  type: string[];
  minimum: number;
  maximum: number;
}

const said = (value: unknown, unit: string) => (value === null ? "for ever" : `${String(value)} ${unit}`);

export function SettingField({ setting }: { setting: Setting }) {
  const mayWrite = usePermission("settings:write");
  const set = useSetSetting();
  const reset = useResetSetting();
  const [typed, setTyped] = useState<number | string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const schema = setting.schema as unknown as NumberSchema;
  const stored = (setting.value ?? "") as number | string;
  const shown = typed ?? stored;
  const forEver = schema.type.includes("null");
  const edit = (value: number | string | null) => {
    setTyped(value);
    setRefusal(null);
  };
  const save = () => {
    if (shown === "" && !forEver) return setRefusal("Enter a number");
    set.mutate({ key: setting.key, value: shown === "" ? null : Number(shown) }, {
      onSuccess: () => {
        edit(null);
        notifyDone(`${setting.title}: saved`);
      },
      onError: (error) => {
        const field = error instanceof ApiError ? error.problem.errors?.find((one) => one.pointer === "/value") : undefined;
        if (field) setRefusal(field.detail);
        else notifyFailure("The setting was not saved", error);
      },
    });
  };
  const toDefault = () =>
    reset.mutate(setting.key, {
      onSuccess: () => {
        edit(null);
        notifyDone(`${setting.title}: default again`);
      },
      onError: (error) => notifyFailure("The setting was not reset", error),
    });
  return (
    <form
      aria-label={setting.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Group align="end" gap="xs">
        <NumberInput
          label={setting.title}
          description={setting.help}
          placeholder={forEver ? "For ever" : undefined}
          suffix={` ${setting.unit}`}
          allowDecimal={false}
          allowNegative={false}
          min={schema.minimum}
          max={schema.maximum}
          clampBehavior="none"
          disabled={!mayWrite}
          error={refusal}
          inputWrapperOrder={["label", "description", "input", "error"]}
          w={{ base: "100%", xs: 560 }}
          value={shown}
          onChange={edit}
        />
        {mayWrite && (
          <Group gap="xs">
            <Button type="submit" variant="default" loading={set.isPending} disabled={String(shown) === String(stored)}>Save</Button>
            <Button variant="subtle" loading={reset.isPending} disabled={!setting.is_set} onClick={toDefault}>Default</Button>
          </Group>
        )}
      </Group>
      <Text c="dimmed" size="xs" mt={4}>
        Default: {said(setting.default, setting.unit)}.
        {setting.changed_at && <> Changed <Time at={setting.changed_at} /> by {setting.changed_by}.</>}
      </Text>
    </form>
  );
}
