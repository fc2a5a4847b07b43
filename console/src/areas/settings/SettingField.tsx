import { Button, Group, NumberInput, Text } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { usePermission } from "@/api/rights";
import { useResetSetting, useSetSetting } from "@/api/settings";
import type { Setting } from "@/api/types";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Time } from "@/ui/Time";

/** What the server's JSON Schema says of a number. */
interface NumberSchema {
  type: string[];
  minimum: number;
  maximum: number;
}

/** Whether it says how long something is kept. */
export const isRetention = (setting: Setting) => setting.key.endsWith("kept_days");

/** What no number means. */
const none = (setting: Setting) => (isRetention(setting) ? "For ever" : "None");

const said = (setting: Setting, value: unknown) =>
  value === null ? none(setting).toLowerCase() : `${String(value)} ${setting.unit}`;

/** A setting that is a number, or none if its schema says so. */
export function SettingField({ setting }: { setting: Setting }) {
  const mayWrite = usePermission("settings:write");
  const set = useSetSetting();
  const reset = useResetSetting();
  const [typed, setTyped] = useState<number | string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const schema = setting.schema as unknown as NumberSchema;
  const stored = (setting.value ?? "") as number | string;
  const shown = typed ?? stored;
  const mayBeNone = schema.type.includes("null");
  const edit = (value: number | string | null) => {
    setTyped(value);
    setRefusal(null);
  };
  const save = () => {
    if (shown === "" && !mayBeNone) return setRefusal("Enter a number");
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
          placeholder={mayBeNone ? none(setting) : undefined}
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
        Default: {said(setting, setting.default)}.
        {setting.changed_at && <> Changed <Time at={setting.changed_at} /> by {setting.changed_by}.</>}
      </Text>
    </form>
  );
}
