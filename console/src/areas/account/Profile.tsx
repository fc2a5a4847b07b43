import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconMailCheck, IconShieldQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useProveAddress, useRename } from "@/api/account";
import { authMethodsQuery, useMe } from "@/api/session";
import type { Me } from "@/api/types";
import { Facts } from "@/ui/Facts";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";

type User = NonNullable<Me["user"]>;

/** The name that others see, and the address that this account is. */
export function Profile({ user }: { user: User }) {
  const rename = useRename();
  const form = useForm({ initialValues: { name: user.name ?? "" } });
  const submit = form.onSubmit(({ name }) =>
    rename.mutate(name.trim() || null, {
      onSuccess: () => {
        form.resetDirty();
        notifyDone("Your name is changed");
      },
      onError: (error) => notifyFailure("Your name was not changed", error),
    }),
  );
  return (
    <Section title="You">
      <Stack gap="md">
        <Facts items={[["Address", <>{user.email} <span className="dim">· {user.email_verified ? "proved" : "not proved"}</span></>]]} />
        {!user.email_verified && <Prove />}
        <form onSubmit={submit}>
          <Group gap="xs" align="end">
            <TextInput label="Name" description="What others see" autoComplete="name" maw={320} style={{ flex: 1 }} {...form.getInputProps("name")} />
            <Button type="submit" variant="default" loading={rename.isPending} disabled={!form.isDirty()}>Save</Button>
          </Group>
        </form>
      </Stack>
    </Section>
  );
}

/** What an address that nobody proved means, and how to prove it. */
function Prove() {
  const { organization } = useMe();
  const { data: methods } = useQuery(authMethodsQuery);
  const prove = useProveAddress();
  if (prove.isSuccess) {
    return (
      <Alert color="petrol" icon={<IconMailCheck size={16} />} role="status">
        A link is on its way to you. It is valid for an hour: you choose a new password with it, and sign in anew.
      </Alert>
    );
  }
  return (
    <Alert color="orange" icon={<IconShieldQuestion size={16} />}>
      <Text inherit>
        You joined by a link that was handed to you, so nobody knows that this address is yours. The account works in {organization.name} only, and
        you name it when you sign in: <span className="mono">{organization.slug}</span>.
      </Text>
      {methods?.mail ? (
        <Button mt="xs" size="compact-sm" variant="default" loading={prove.isPending} onClick={() => prove.mutate(undefined, { onError: (error) => notifyFailure("No link was sent", error) })}>
          Mail me a link that proves it
        </Button>
      ) : (
        <Text inherit mt={6}>This server sends no mail: whoever runs it can vouch for your address.</Text>
      )}
    </Alert>
  );
}
