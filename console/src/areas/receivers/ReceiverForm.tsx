import { Button, Group, PasswordInput, SegmentedControl, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Tagged } from "@/api/client";
import { useSaveReceiver } from "@/api/receivers";
import type { Receiver } from "@/api/types";
import { ChangedMeanwhile } from "@/components/Changed";
import { OwnerSelect, useOwnerRule } from "@/components/owner";
import { type TakeTheirs, useFollow, useGuardedSave } from "@/hooks/useEditing";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { draftOf, type ReceiverDraft, receiverOf, secretFields } from "./draft";
import { MONO } from "@/ui/mono";

const PLATFORMS = [{ value: "slack", label: "Slack" }, { value: "lark", label: "Lark" }];
const TRANSPORTS = [{ value: "bot", label: "Bot or app" }, { value: "webhook", label: "Webhook" }];
const TOGGLE = { "aria-label": "Show or hide what was typed" };

interface Props {
  receiver: Tagged<Receiver> | null;
  onSaved: () => void;
  onTake?: TakeTheirs;
}

/** Secrets go in and never come out: an empty field keeps the one that is stored. */
export function ReceiverForm({ receiver, onSaved, onTake }: Props) {
  const save = useSaveReceiver(receiver?.id ?? null);
  const owner = useOwnerRule("receivers:write");
  const form = useForm<ReceiverDraft>({
    initialValues: draftOf(receiver, owner.first),
    validate: {
      name: (name) => (name.trim() ? null : "Give the receiver a name"),
      receiver_im: (name) => (/^[\w.-]+$/.test(name) ? null : "Letters, digits, dashes: it is used in addresses"),
      destination_id: (id, { transport }) => (transport === "webhook" || id.trim() ? null : "The channel or chat to write to"),
      node_id: owner.check,
    },
  });
  const guarded = useGuardedSave(save, receiver?.etag ?? null, {
    onSaved: (saved) => {
      // What was typed into the fields of secrets is stored now and must not be sent again.
      const draft = draftOf(saved);
      form.setValues(draft);
      form.resetDirty(draft);
      notifyDone("Receiver saved");
      onSaved();
    },
    onFailed: (error) => notifyFailure("The receiver was not saved", error),
  });
  const dirty = form.isDirty();
  useFollow(guarded.conflict, dirty, onTake);
  const submit = form.onSubmit((draft) => guarded.save(receiverOf(draft)));
  const take = () => {
    // A copy of secrets would lie about on the clipboard.
    const { secrets: _, ...open } = form.values;
    onTake?.(JSON.stringify(open, null, 2));
  };
  const { im_type, transport } = form.values;
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        {guarded.conflict && dirty && (
          <ChangedMeanwhile what="receiver" busy={save.isPending} onTake={take} onOverwrite={form.onSubmit((draft) => guarded.overwrite(receiverOf(draft)))} />
        )}
        {!receiver && (
          <Group gap="md">
            <SegmentedControl aria-label="Platform" data={PLATFORMS} {...form.getInputProps("im_type")} />
            <SegmentedControl aria-label="Transport" data={TRANSPORTS} {...form.getInputProps("transport")} />
          </Group>
        )}
        <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
        <TextInput
          label="Short name"
          description="A sender chooses this receiver with ?receiver_im=, for example devops-slack"
          required
          classNames={MONO}
          {...form.getInputProps("receiver_im")}
        />
        <OwnerSelect
          permission="receivers:write"
          description="Told of what happens there and below"
          readOnly={false}
          {...form.getInputProps("node_id")}
        />
        {transport === "bot" && (
          <TextInput label={im_type === "slack" ? "Channel" : "Chat id"} required placeholder={im_type === "slack" ? "C0123456789" : "oc_…"} {...form.getInputProps("destination_id")} />
        )}
        {secretFields(im_type, transport).map((field) => (
          <PasswordInput
            key={field.name}
            label={field.label}
            description={receiver?.has_credentials ? "Stored. Leave empty to keep it." : field.hint}
            autoComplete="new-password"
            visibilityToggleButtonProps={TOGGLE}
            value={form.values.secrets[field.name] ?? ""}
            onChange={(event) => form.setFieldValue("secrets", { ...form.values.secrets, [field.name]: event.currentTarget.value })}
          />
        ))}
        <Switch label="Default: gets every issue that names no receiver" {...form.getInputProps("is_default", { type: "checkbox" })} />
        <Switch
          label="Active"
          checked={form.values.status === "active"}
          onChange={(event) => form.setFieldValue("status", event.currentTarget.checked ? "active" : "inactive")}
        />
        <Text c="dimmed" size="xs">Secrets are sealed when they are stored and are never shown again.</Text>
        <Group>
          <Button type="submit" loading={save.isPending}>Save receiver</Button>
        </Group>
      </Stack>
    </form>
  );
}
