import { Alert, Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconMailCheck } from "@tabler/icons-react";
import { useForgottenPassword } from "@/api/account";
import { Card, GuestPage } from "./GuestPage";
import { Refusal } from "./Refusal";

/** Has a link for a new password sent. The answer is the same whether there is an account or not. */
export function ForgottenPassword({ onBack }: { onBack: () => void }) {
  const ask = useForgottenPassword();
  const form = useForm({
    initialValues: { email: "", organization: "" },
    validate: { email: (value) => (value.includes("@") ? null : "Enter your e-mail address") },
  });
  const submit = form.onSubmit(({ email, organization }) => ask.mutate({ email: email.trim(), organization: organization.trim() || undefined }));
  return (
    <GuestPage title="Forgotten password">
      <Card>
        {ask.isSuccess ? (
          <Stack gap="sm">
            <Alert color="petrol" icon={<IconMailCheck size={16} />} role="status">
              If {form.values.email.trim()} has an account, a link is on its way. It is valid for an hour.
            </Alert>
            <Text c="dimmed" size="xs">No mail? Look among what was sorted out, or ask whoever runs Steward for you.</Text>
            <Button variant="default" onClick={onBack}>Back to sign-in</Button>
          </Stack>
        ) : (
          <form onSubmit={submit} noValidate>
            <Stack gap="sm">
              <Refusal error={ask.error} at={ask.submittedAt} />
              <TextInput label="E-mail" type="email" autoComplete="username" size="sm" {...form.getInputProps("email")} />
              <TextInput
                label="Organization"
                description="Its short name, if you joined by a link that was handed to you"
                size="sm"
                {...form.getInputProps("organization")}
              />
              <Button type="submit" size="sm" loading={ask.isPending}>Send me a link</Button>
              <Button variant="subtle" size="compact-xs" onClick={onBack}>Back to sign-in</Button>
            </Stack>
          </form>
        )}
      </Card>
    </GuestPage>
  );
}
