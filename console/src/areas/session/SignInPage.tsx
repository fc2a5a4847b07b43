import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { authMethodsQuery, useSignIn } from "@/api/session";
import { Logo } from "@/components/Logo";
import { safeReturnPath } from "@/search";
import { describeRefusal } from "./refusal";
import classes from "./SignInPage.module.css";

export function SignInPage() {
  useDocumentTitle("Sign in · Steward");
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const { data: methods } = useQuery(authMethodsQuery);
  const signIn = useSignIn();
  const [withOrganization, setWithOrganization] = useState(false);
  const form = useForm({
    initialValues: { email: "", password: "", organization: "" },
    validate: {
      email: (value) => (value.includes("@") ? null : "Enter your e-mail address"),
      password: (value) => (value ? null : "Enter your password"),
    },
  });
  const submit = form.onSubmit(({ email, password, organization }) =>
    signIn.mutate(
      { email: email.trim(), password, organization: organization.trim() || undefined },
      { onSuccess: () => router.history.push(safeReturnPath(next)) },
    ),
  );
  const locked = signIn.error instanceof ApiError && signIn.error.code === "sign_in_locked";
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Group gap="sm" mb="md" justify="center">
          <Logo size={30} />
          <Title order={1} fz={19}>
            Sign in to Steward
          </Title>
        </Group>
        <form className={classes.form} onSubmit={submit} noValidate>
          <Stack gap="sm">
            {signIn.error && (
              <Alert color={locked ? "orange" : "red"} icon={locked ? <IconLock size={16} /> : <IconAlertTriangle size={16} />} role="alert">
                {describeRefusal(signIn.error, new Date(signIn.submittedAt))}
              </Alert>
            )}
            <TextInput label="E-mail" type="email" autoComplete="username" size="sm" {...form.getInputProps("email")} />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              size="sm"
              visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
              {...form.getInputProps("password")}
            />
            {withOrganization ? (
              <TextInput label="Organization" description="Its short name, such as acme" size="sm" {...form.getInputProps("organization")} />
            ) : (
              <Button variant="subtle" size="compact-xs" px={0} style={{ alignSelf: "start" }} onClick={() => setWithOrganization(true)}>
                Choose an organization
              </Button>
            )}
            <Button type="submit" size="sm" loading={signIn.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
        {methods?.supabase && (
          <Text c="dimmed" mt="sm" ta="center">
            Supabase sign-in is on: your application can hand its session over at{" "}
            <span className="mono">/api/v1/auth/supabase</span>.
          </Text>
        )}
        <Text c="dimmed" mt="xl" ta="center">
          Every signal gets an owner, an answer and a record.
        </Text>
      </div>
    </main>
  );
}
