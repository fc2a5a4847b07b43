import { Alert, Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSetPassword } from "@/api/account";
import { dropLinkSecret, useLinkSecret } from "@/api/link-secret";
import { Card, GuestPage } from "./GuestPage";
import { NoLink } from "./InvitationPage";
import { checkNewPassword, NEW_PASSWORD } from "@/components/new-password";
import { Refusal } from "./Refusal";

/** Where a link leads that was mailed for a new password, or to prove an address. */
export function PasswordPage() {
  const link = useLinkSecret("/password");
  const set = useSetPassword();
  if (set.isSuccess) return <Done merged={set.data.merged} />;
  return (
    <GuestPage title="Choose a password">
      <Card>{link ? <Form key={link.round} secret={link.secret} set={set} /> : <NoLink />}</Card>
    </GuestPage>
  );
}

function Form({ secret, set }: { secret: string; set: ReturnType<typeof useSetPassword> }) {
  const form = useForm({ initialValues: { password: "" }, validate: { password: checkNewPassword } });
  const submit = form.onSubmit(({ password }) => set.mutate({ token: secret, password }, { onSuccess: dropLinkSecret }));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Refusal error={set.error} at={set.submittedAt} />
        <PasswordInput {...NEW_PASSWORD} {...form.getInputProps("password")} />
        <Button type="submit" size="sm" loading={set.isPending}>Set the password</Button>
      </Stack>
    </form>
  );
}

function Done({ merged }: { merged: boolean }) {
  return (
    <GuestPage title="Choose a password">
      <Card>
        <Stack gap="sm">
          <Alert color="petrol" icon={<IconCheck size={16} />} role="status">
            {merged
              ? "Your address had an account already, and that is a member now. It keeps its own password; the one you just chose is not used."
              : "Your password is set, and every session that was open has ended."}
          </Alert>
          <Button component={Link} to="/sign-in">Sign in</Button>
        </Stack>
      </Card>
    </GuestPage>
  );
}
