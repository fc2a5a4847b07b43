import { Button, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateNode } from "@/api/tenancy";
import type { NewNode, OrgNode } from "@/api/types";
import { MONO } from "@/ui/mono";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { SLUG, slugFrom } from "./slug";

const KINDS = [{ value: "team", label: "Team" }, { value: "unit", label: "Unit" }];

interface Props {
  parent: OrgNode;
  onDone: () => void;
}

export function NodeForm({ parent, onDone }: Props) {
  const create = useCreateNode();
  const form = useForm({
    initialValues: { kind: "team", name: "", slug: "" },
    validate: {
      name: (name) => (name.trim() ? null : "Give it a name"),
      slug: (slug, { name }) => (SLUG.test(slug || slugFrom(name)) ? null : "Lower-case letters, digits and dashes"),
    },
  });
  const submit = form.onSubmit(({ kind, name, slug }) =>
    create.mutate(
      { parent_id: parent.id, kind: kind as NewNode["kind"], name: name.trim(), slug: slug || slugFrom(name) },
      {
        onSuccess: () => {
          notifyDone(`${name.trim()} added`);
          onDone();
        },
        onError: (error) => notifyFailure("It was not added", error),
      },
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SegmentedControl aria-label="Kind" data={KINDS} style={{ alignSelf: "start" }} {...form.getInputProps("kind")} />
        <TextInput label="Name" required data-autofocus {...form.getInputProps("name")} />
        <TextInput
          label="Short name"
          description="Used in tokens; it cannot be changed"
          placeholder={slugFrom(form.values.name)}
          classNames={MONO}
          {...form.getInputProps("slug")}
        />
        <Button type="submit" loading={create.isPending}>Add</Button>
      </Stack>
    </form>
  );
}
