import { Button, PasswordInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useInviteMember } from "@/api/tenancy";
import type { Role } from "@/api/types";
import { ROLE_CHOICES } from "@/components/roles";
import { notifyDone, notifyFailure } from "@/ui/notify";

const TOGGLE = { "aria-label": "Show or hide the password" };

export function InviteForm({ onDone }: { onDone: () => void }) {
  const invite = useInviteMember();
  const form = useForm({
    initialValues: { email: "", name: "", role: "member", password: "" },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value) ? null : "Enter an e-mail address"),
      password: (value) => (value === "" || value.length >= 12 ? null : "At least 12 characters"),
    },
  });
  const submit = form.onSubmit(({ email, name, role, password }) =>
    invite.mutate(
      { email, role: role as Role, name: name || undefined, password: password || undefined },
      {
        onSuccess: () => {
          notifyDone(`${email} was invited`);
          onDone();
        },
        onError: (error) => notifyFailure("Nobody was invited", error),
      },
    ),
  );
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps("email")} />
        <TextInput label="Name" {...form.getInputProps("name")} />
        <Select label="Role" data={ROLE_CHOICES} {...form.getInputProps("role")} />
        <PasswordInput label="First password" autoComplete="new-password" visibilityToggleButtonProps={TOGGLE} {...form.getInputProps("password")} />
        <Text c="dimmed" size="xs">Without a password the invitation waits until this e-mail address signs in with Supabase.</Text>
        <Button type="submit" loading={invite.isPending}>Invite</Button>
      </Stack>
    </form>
  );
}
