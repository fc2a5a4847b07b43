import { Button, Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useCreateToken } from "@/api/tenancy";
import type { CreatedToken, NewToken, Role } from "@/api/types";
import { NodeSelect, WHOLE_ORGANIZATION } from "@/components/NodeSelect";
import { TOKEN_ROLE_CHOICES } from "@/components/roles";
import { notifyFailure } from "@/ui/notify";
import { expiryAfter } from "./state";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "No end" },
];

export function NewTokenForm({ onCreated }: { onCreated: (token: CreatedToken) => void }) {
  const create = useCreateToken();
  const form = useForm({
    initialValues: { name: "", scopes: ["ingest"], role: "api", node_id: null as string | null, days: "365" },
    validate: {
      name: (value) => (value.trim() ? null : "Say what it is for"),
      scopes: (value) => (value.length > 0 ? null : "Choose at least one"),
    },
  });
  const submit = form.onSubmit(({ name, scopes, role, node_id, days }) =>
    create.mutate(
      { name, scopes: scopes as NewToken["scopes"], role: (scopes.includes("api") ? role : "api") as Role, node_id, expires_at: expiryAfter(days, new Date()) },
      { onSuccess: onCreated, onError: (error) => notifyFailure("No token was created", error) },
    ),
  );
  const usesApi = form.values.scopes.includes("api");
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label="Name" description="What it is for, such as alertmanager-prod" required data-autofocus {...form.getInputProps("name")} />
        <Checkbox.Group label="It may" {...form.getInputProps("scopes")}>
          <Stack gap={6} mt={6}>
            <Checkbox size="xs" value="ingest" label="Post alerts (ingest)" />
            <Checkbox size="xs" value="api" label="Use the API with its role (api)" />
          </Stack>
        </Checkbox.Group>
        <Select label="Role" data={TOKEN_ROLE_CHOICES} disabled={!usesApi} description={usesApi ? "It is yours: it never does what you may not, and ends when you leave" : "It only posts alerts, and stays when people leave"} {...form.getInputProps("role")} />
        <NodeSelect
          label="Counts in"
          description="In a unit or team it acts there and below; the alerts that it posts belong there"
          whole={WHOLE_ORGANIZATION}
          value={form.values.node_id}
          onChange={(id) => form.setFieldValue("node_id", id)}
        />
        <Select label="Valid for" data={LIVES} {...form.getInputProps("days")} />
        <Button type="submit" loading={create.isPending}>Create token</Button>
      </Stack>
    </form>
  );
}
