import { Button, Group, PasswordInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import type { Tagged } from "@/api/client";
import { receiverQueries, useSaveReceiver } from "@/api/receivers";
import type { Channel, Receiver } from "@/api/types";
import { ChangedMeanwhile } from "@/components/Changed";
import { OwnerSelect, useOwnerRule } from "@/components/owner";
import { type TakeTheirs, useFollow, useGuardedSave } from "@/hooks/useEditing";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Loaded } from "@/ui/states";
import { channelOf, credentialsOf, destinationOf, draftOf, type ReceiverDraft, receiverOf } from "./draft";
import { MONO } from "@/ui/mono";
import { Listening } from "./Listening";
import { refusedFields } from "./refusal";

const TOGGLE = { "aria-label": "Show or hide what was typed" };

interface Props {
  receiver: Tagged<Receiver> | null;
  onSaved: (saved: Receiver) => void;
  onTake?: TakeTheirs;
}

/** What there is to fill in is said by the server, channel by channel. */
export function ReceiverForm(props: Props) {
  const query = useQuery(receiverQueries.channels);
  return <Loaded query={query}>{(channels) => <ChannelForm channels={channels} {...props} />}</Loaded>;
}

/** Secrets go in and never come out: an empty field keeps the one that is stored. */
function ChannelForm({ channels, receiver, onSaved, onTake }: Props & { channels: Channel[] }) {
  const save = useSaveReceiver(receiver?.id ?? null);
  const owner = useOwnerRule("receivers:write");
  const form = useForm<ReceiverDraft>({
    initialValues: draftOf(receiver, channels[0], owner.first),
    validate: {
      name: (name) => (name.trim() ? null : "Give the receiver a name"),
      receiver_im: (name) => (/^[\w.-]+$/.test(name) ? null : "Letters, digits, dashes: it is used in addresses"),
      destination_id: (id, draft) => (!destinationOf(channelOf(channels, draft))?.required || id.trim() ? null : "Say where to write to"),
      node_id: owner.check,
      hours: (hours) => (hours?.weekdays.length === 0 ? "Choose one day at least" : null),
    },
  });
  const guarded = useGuardedSave(save, receiver?.etag ?? null, {
    onSaved: (saved) => {
      // What was typed into the fields of secrets is stored now and must not be sent again.
      const draft = draftOf(saved, undefined);
      form.setValues(draft);
      form.resetDirty(draft);
      notifyDone("Receiver saved");
      onSaved(saved);
    },
    onFailed: (error) => {
      const refused = refusedFields(error, channelOf(channels, form.getValues()));
      form.setErrors(refused);
      const [first] = Object.keys(refused);
      const field = first && form.getInputNode(first);
      if (!field) return notifyFailure("The receiver was not saved", error);
      field.focus();
      notifyFailure("The receiver was not saved", new Error("Correct what is marked, and save again."));
    },
  });
  const dirty = form.isDirty();
  useFollow(guarded.conflict, dirty, onTake);
  const submit = form.onSubmit((draft) => guarded.save(receiverOf(draft, channels)));
  const take = () => {
    // A copy of secrets would lie about on the clipboard.
    const { secrets: _, ...open } = form.values;
    onTake?.(JSON.stringify(open, null, 2));
  };
  const channel = channelOf(channels, form.values);
  const destination = destinationOf(channel);
  const credentials = credentialsOf(channel);
  const choose = (id: string | null) => {
    const chosen = channels.find((one) => one.id === id);
    if (chosen) form.setValues({ im_type: chosen.im_type, transport: chosen.transport });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        {guarded.conflict && dirty && (
          <ChangedMeanwhile what="receiver" busy={save.isPending} onTake={take} onOverwrite={form.onSubmit((draft) => guarded.overwrite(receiverOf(draft, channels)))} />
        )}
        {!receiver && (
          <Select
            label="Platform"
            description={channel?.abilities.edits ? "One message for each issue, edited as it moves on" : "A message for each state of an issue"}
            allowDeselect={false}
            data={channels.map((one) => ({ value: one.id, label: one.name }))}
            value={channel?.id ?? null}
            onChange={choose}
          />
        )}
        <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
        <TextInput
          label="Short name"
          description={<>A sender chooses this receiver with <span className="mono nowrap">?receiver_im=</span>, for example <span className="mono nowrap">devops-slack</span></>}
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
        {destination && (
          <TextInput label={destination.label} description={destination.help} required={destination.required} {...form.getInputProps("destination_id")} />
        )}
        {credentials.map((field) => (
          <PasswordInput
            key={field.name}
            label={field.label}
            required={field.required && !receiver}
            description={receiver?.has_credentials ? "Stored. Leave empty to keep it." : field.help}
            autoComplete="new-password"
            visibilityToggleButtonProps={TOGGLE}
            {...form.getInputProps(`secrets.${field.name}`)}
            value={form.values.secrets[field.name] ?? ""}
          />
        ))}
        <Listening form={form} receiverId={receiver?.id} />
        <Switch label="Default: gets every issue that names no receiver" {...form.getInputProps("is_default", { type: "checkbox" })} />
        <Switch
          label="Active"
          checked={form.values.status === "active"}
          onChange={(event) => form.setFieldValue("status", event.currentTarget.checked ? "active" : "inactive")}
        />
        {credentials.length > 0 && (
          <Text c="dimmed" size="xs">Secrets are sealed when they are stored and are never shown again. One that is replaced can be used again for a while.</Text>
        )}
        <Group>
          <Button type="submit" loading={save.isPending}>Save receiver</Button>
        </Group>
      </Stack>
    </form>
  );
}
