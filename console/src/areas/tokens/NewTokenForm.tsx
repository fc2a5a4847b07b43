import { Button, Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { usePermission } from "@/api/session";
import { nodesQuery, useCreateToken } from "@/api/tenancy";
import type { CreatedToken, NewToken, Role } from "@/api/types";
import { TOKEN_ROLE_CHOICES } from "@/components/roles";
import { flatten, treeOf } from "@/components/tree";
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
  const nodes = useQuery({ ...nodesQuery, enabled: usePermission("members:read") });
  const teams = flatten(treeOf(nodes.data?.items ?? []))
    .filter((node) => node.kind === "team")
    .map((node) => ({ value: node.id, label: node.path.join(" / ") }));
  const form = useForm({
    initialValues: { name: "", scopes: ["ingest"], role: "api", team_id: "", days: "365" },
    validate: {
      name: (value) => (value.trim() ? null : "Say what it is for"),
      scopes: (value) => (value.length > 0 ? null : "Choose at least one"),
    },
  });
  const submit = form.onSubmit(({ name, scopes, role, team_id, days }) =>
    create.mutate(
      { name, scopes: scopes as NewToken["scopes"], role: role as Role, team_id: team_id || undefined, expires_at: expiryAfter(days, new Date()) },
      { onSuccess: onCreated, onError: (error) => notifyFailure("No token was created", error) },
    ),
  );
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
        <Select label="Role" data={TOKEN_ROLE_CHOICES} disabled={!form.values.scopes.includes("api")} {...form.getInputProps("role")} />
        <Select
          label="Belongs to"
          description="A team's short name stands in its tokens"
          searchable
          data={[{ value: "", label: "The whole organization" }, ...teams]}
          {...form.getInputProps("team_id")}
        />
        <Select label="Valid for" data={LIVES} {...form.getInputProps("days")} />
        <Button type="submit" loading={create.isPending}>Create token</Button>
      </Stack>
    </form>
  );
}
