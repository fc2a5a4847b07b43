import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { keys } from "@/api/keys";
import { useAskAgain, useSignOut, useSwitchOrganization } from "@/api/session";
import type { Me } from "@/api/types";
import { Card, GuestPage } from "./GuestPage";
import { Refusal } from "./Refusal";

/** Shown instead of everything while the organization lets nobody in: why, and the ways out. */
export function SuspendedPage() {
  const client = useQueryClient();
  const router = useRouter();
  const signOut = useSignOut();
  const change = useSwitchOrganization();
  const again = useAskAgain();
  // Known where they were in when it happened; after a reload nothing is told.
  const me = client.getQueryData<Me | null>(keys.me);
  const others = me?.organizations.filter(({ id }) => id !== me.organization.id) ?? [];
  const form = useForm({ initialValues: { organization: "" }, validate: { organization: (value) => (value.trim() ? null : "Enter its short name") } });
  return (
    <GuestPage title={`${me?.organization.name ?? "This organization"} is suspended`}>
      <Card>
        <Stack gap="md">
          <Text>
            Nobody gets in, and nothing is investigated or sent, until whoever runs Steward activates it again. What came in before is kept.
          </Text>
          <Refusal error={change.error} at={change.submittedAt} />
          {others.map((organization) => (
            <Button key={organization.id} variant="default" loading={change.isPending && change.variables === organization.slug} onClick={() => change.mutate(organization.slug)}>
              Go to {organization.name}
            </Button>
          ))}
          {others.length === 0 && (
            <form onSubmit={form.onSubmit(({ organization }) => change.mutate(organization.trim()))} noValidate>
              <Stack gap="xs">
                <TextInput label="Another organization of yours" description="Its short name, such as acme" size="sm" {...form.getInputProps("organization")} />
                <Button type="submit" variant="default" loading={change.isPending}>Go there</Button>
              </Stack>
            </form>
          )}
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>Try again</Button>
          <Button loading={signOut.isPending} onClick={() => signOut.mutate(undefined, { onSettled: () => router.history.push("/sign-in") })}>Sign out</Button>
        </Stack>
      </Card>
    </GuestPage>
  );
}
