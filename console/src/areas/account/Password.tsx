import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useChangePassword } from "@/api/account";
import { ApiError } from "@/api/client";
import { checkNewPassword, NEW_PASSWORD } from "@/components/new-password";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";

/** The own password; nobody else can set it. */
export function Password({ has }: { has: boolean }) {
  const change = useChangePassword();
  const form = useForm({
    initialValues: { current_password: "", password: "" },
    validate: { current_password: (value) => (value ? null : "Enter the password you have"), password: checkNewPassword },
  });
  if (!has) {
    return (
      <Section title="Password">
        <Text c="dimmed">You sign in without a password of this server's, so there is none to change here.</Text>
      </Section>
    );
  }
  const submit = form.onSubmit((values) =>
    change.mutate(values, {
      onSuccess: () => {
        form.reset();
        notifyDone("Your password is changed. Your other sessions have ended");
      },
      onError: (error) => {
        const wrong = error instanceof ApiError && error.code === "wrong_password";
        if (wrong) form.setFieldError("current_password", "This is not the password you have now");
        else notifyFailure("Your password was not changed", error);
      },
    }),
  );
  return (
    <Section title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={420}>
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            size="sm"
            visibilityToggleButtonProps={NEW_PASSWORD.visibilityToggleButtonProps}
            {...form.getInputProps("current_password")}
          />
          <PasswordInput {...NEW_PASSWORD} {...form.getInputProps("password")} />
          <div><Button type="submit" variant="default" loading={change.isPending}>Change password</Button></div>
        </Stack>
      </form>
    </Section>
  );
}
