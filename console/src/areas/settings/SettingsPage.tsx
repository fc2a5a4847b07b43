import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { usePermission } from "@/api/rights";
import { organizationQuery, useRenameOrganization } from "@/api/tenancy";
import type { Organization } from "@/api/types";
import { ActiveTag } from "@/components/badges";
import { Page } from "@/components/Page";
import { Facts } from "@/ui/Facts";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Loaded, RowsSkeleton } from "@/ui/states";
import { Time } from "@/ui/Time";
import { Configurations } from "./Configurations";
import { OrganizationSettings } from "./OrganizationSettings";

export function SettingsPage() {
  return (
    <Page title="Settings" permission="settings:read">
      <Stack gap="md" maw={920}>
        <OrganizationSection />
        <OrganizationSettings />
        <Configurations />
      </Stack>
    </Page>
  );
}

function OrganizationSection() {
  const query = useQuery(organizationQuery);
  return (
    <Section title="Organization">
      <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
        {(organization) => (
          <Stack gap="md">
            <NameForm key={organization.name} organization={organization} />
            <Facts
              items={[
                ["Short name", <span key="slug" className="mono">{organization.slug}</span>],
                ["Status", <ActiveTag key="status" status={organization.status} />],
                ["Created", <Time key="created" at={organization.created_at} />],
              ]}
            />
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function NameForm({ organization }: { organization: Organization }) {
  const mayWrite = usePermission("settings:write");
  const rename = useRenameOrganization();
  const form = useForm({
    initialValues: { name: organization.name },
    validate: { name: (value) => (value.trim() ? null : "Enter a name") },
  });
  const submit = form.onSubmit(({ name }) =>
    rename.mutate(name.trim(), {
      onSuccess: () => notifyDone("Name saved"),
      onError: (error) => notifyFailure("The name was not saved", error),
    }),
  );
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="xs">
        <TextInput label="Name" disabled={!mayWrite} w={{ base: "100%", xs: 320 }} {...form.getInputProps("name")} />
        {mayWrite && <Button type="submit" variant="default" loading={rename.isPending} disabled={!form.isDirty()}>Save</Button>}
      </Group>
    </form>
  );
}
