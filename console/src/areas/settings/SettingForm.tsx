import { Alert, Button, Group, Radio, Stack, Text, TextInput } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type NewValue, useChangeSetting } from "@/api/settings";
import type { Setting } from "@/api/types";
import { useGuardedSave } from "@/hooks/useEditing";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { askBeforeShortening } from "./shortening";
import { bounds, mayBeNone, none, parse, refusalIn, said, shortens, type Value } from "./setting";

interface Props {
  setting: Setting;
  onClose: () => void;
}

/** Edits one setting in its row. Escape leaves it as it is. */
export function SettingForm({ setting, onClose }: Props) {
  const [first] = useState(setting.value as Value);
  const [chosen, choose] = useState(first === null ? "none" : "number");
  const [text, setText] = useState(first === null ? "" : String(first));
  const [refusal, setRefusal] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLInputElement>("input:checked, input:not([type=radio])")?.focus(), []);
  const change = useChangeSetting(setting.key);
  const guarded = useGuardedSave<NewValue, object>(change, setting.etag, {
    onSaved: () => {
      notifyDone(`${setting.title}: saved`);
      onClose();
    },
    onFailed: (error) => {
      const said = refusalIn(error);
      if (said) setRefusal(said);
      else notifyFailure("The setting was not saved", error);
    },
  });
  const typed: Value | undefined = chosen === "none" ? null : numberIn(setting, text);
  const dirty = chosen === "none" ? first !== null : text.trim() !== String(first ?? "");
  useBlocker({ shouldBlockFn: () => dirty && !globalThis.confirm("Leave without saving?"), enableBeforeUnload: dirty });

  const send = guarded.conflict ? guarded.overwrite : guarded.save;
  const submit = async (input: NewValue, next: Value) => {
    if (!shortens(setting, next)) return send(input);
    setAsking(true);
    await askBeforeShortening(setting, next as number, () => send(input));
    setAsking(false);
  };
  const save = () => {
    if (typed === undefined) return setRefusal(refusalOf(setting, text));
    if (!dirty && !guarded.conflict) return onClose();
    void submit({ value: typed }, typed);
  };
  const edit = (text: string) => {
    setText(text);
    setRefusal(null);
    choose("number");
  };
  const busy = change.isPending || asking;
  const field = <NumberField setting={setting} text={text} refusal={refusal} onChange={edit} />;
  return (
    <form
      ref={form}
      aria-label={setting.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="xs" onKeyDown={(event) => event.key === "Escape" && onClose()}>
        <div>
          <Text fw={500}>{setting.title}</Text>
          <Text c="dimmed" size="xs" maw={640}>{setting.help}</Text>
        </div>
        {guarded.conflict && <Theirs setting={setting} />}
        {mayBeNone(setting) ? (
          <Choice setting={setting} chosen={chosen} onChoose={(which) => { choose(which); setRefusal(null); }}>{field}</Choice>
        ) : field}
        <Group gap="xs">
          <Button type="submit" loading={busy}>{guarded.conflict ? "Replace theirs" : "Save"}</Button>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          {setting.is_set && (
            <Button variant="subtle" disabled={busy} onClick={() => void submit("default", setting.default as Value)}>
              Back to the default ({said(setting, setting.default).toLowerCase()})
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

const numberIn = (setting: Setting, text: string) => {
  const parsed = parse(setting, text);
  return "number" in parsed ? parsed.number : undefined;
};

const refusalOf = (setting: Setting, text: string) => {
  const parsed = parse(setting, text);
  return "refusal" in parsed ? parsed.refusal : null;
};

interface FieldProps {
  setting: Setting;
  text: string;
  refusal: string | null;
  onChange: (text: string) => void;
}

/** A text, so that what is typed stays as it was typed. */
function NumberField({ setting, text, refusal, onChange }: FieldProps) {
  return (
    <Group gap="xs" align="start" wrap="nowrap">
      <TextInput
        aria-label={`${setting.title}, in ${setting.unit}`}
        inputMode="numeric"
        autoComplete="off"
        w={90}
        styles={{ error: { width: "max-content", maxWidth: "min(420px, 70vw)" } }}
        error={refusal}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" lh="30px">{setting.unit}, from {bounds(setting)}</Text>
    </Group>
  );
}

interface ChoiceProps {
  setting: Setting;
  chosen: string;
  onChoose: (which: string) => void;
  children: ReactNode;
}

function Choice({ setting, chosen, onChoose, children }: ChoiceProps) {
  return (
    <Radio.Group aria-label={setting.title} value={chosen} onChange={onChoose}>
      <Stack gap={6}>
        <Radio size="xs" value="none" label={none(setting)} />
        <Group gap="xs" align="start" wrap="nowrap">
          <Radio size="xs" value="number" aria-label={`A number of ${setting.unit}`} mt={7} />
          {children}
        </Group>
      </Stack>
    </Radio.Group>
  );
}

/** What somebody else set while this was being edited. */
function Theirs({ setting }: { setting: Setting }) {
  return (
    <Alert color="orange" p="xs" icon={<IconUsers size={16} />} title={`${setting.changed_by ?? "Somebody"} changed it meanwhile`}>
      It is now: {said(setting, setting.value)}. What you see below is not saved yet.
    </Alert>
  );
}
