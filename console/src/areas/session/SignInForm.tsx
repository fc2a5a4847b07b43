import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { authMethodsQuery, useSignIn, useSupabaseSignIn } from "@/api/session";
import { describeRefusal } from "./refusal";
import classes from "./SignInPage.module.css";

interface Props {
  /** Why an earlier way in failed. */
  refusal: unknown;
  onSignedIn: () => void;
}

export function SignInForm({ refusal, onSignedIn }: Props) {
  const { data: methods } = useQuery(authMethodsQuery);
  const signIn = useSignIn();
  const bySupabase = useSupabaseSignIn();
  const [withOrganization, setWithOrganization] = useState(false);
  const form = useForm({
    initialValues: { email: "", password: "", organization: "" },
    validate: {
      email: (value) => (value.includes("@") ? null : "Enter your e-mail address"),
      password: (value) => (value ? null : "Enter your password"),
    },
  });
  const trimmed = ({ email, password, organization }: typeof form.values) => ({
    email: email.trim(),
    password,
    organization: organization.trim() || undefined,
  });
  const submit = form.onSubmit((values) => {
    bySupabase.reset();
    signIn.mutate(trimmed(values), { onSuccess: onSignedIn });
  });
  const method = methods?.supabase;
  const viaSupabase = form.onSubmit((values) => {
    signIn.reset();
    if (method) bySupabase.mutate({ ...trimmed(values), method }, { onSuccess: onSignedIn });
  });
  const last = signIn.error ? signIn : bySupabase;
  const busy = signIn.isPending || bySupabase.isPending;
  return (
    <>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Refusal error={busy ? null : (last.error ?? (signIn.isIdle && bySupabase.isIdle ? refusal : null))} at={last.submittedAt} />
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
          <Button type="submit" size="sm" loading={signIn.isPending} disabled={bySupabase.isPending}>
            Sign in
          </Button>
          {method?.publishable_key && (
            <Button variant="default" size="sm" loading={bySupabase.isPending} disabled={signIn.isPending} onClick={() => viaSupabase()}>
              Sign in with Supabase
            </Button>
          )}
        </Stack>
      </form>
      {method && !method.publishable_key && (
        <Text c="dimmed" mt="sm" ta="center">
          Supabase sign-in is on: your application can hand its session over at{" "}
          <span className="mono">/api/v1/auth/supabase</span>.
        </Text>
      )}
    </>
  );
}

function Refusal({ error, at }: { error: unknown; at: number }) {
  if (!error) return null;
  const locked = error instanceof ApiError && error.code === "sign_in_locked";
  return (
    <Alert color={locked ? "orange" : "red"} icon={locked ? <IconLock size={16} /> : <IconAlertTriangle size={16} />} role="alert">
      {describeRefusal(error, new Date(at))}
    </Alert>
  );
}
