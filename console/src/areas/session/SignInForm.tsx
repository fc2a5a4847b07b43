import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { authMethodsQuery, useSignIn } from "@/api/session";
import { InvitationPending, useSupabaseSignIn } from "@/api/supabase-sign-in";
import { Refusal } from "./Refusal";

interface Props {
  /** Why an earlier way in failed. */
  refusal: unknown;
  onSignedIn: () => void;
  /** Supabase knows them, and an invitation waits to be accepted. */
  onInvited: (pending: InvitationPending) => void;
  onForgotten: () => void;
}

export function SignInForm({ refusal, onSignedIn, onInvited, onForgotten }: Props) {
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
    if (!method) return;
    bySupabase.mutate(
      { ...trimmed(values), method },
      { onSuccess: onSignedIn, onError: (error) => error instanceof InvitationPending && onInvited(error) },
    );
  });
  const last = signIn.error ? signIn : bySupabase;
  const busy = signIn.isPending || bySupabase.isPending;
  return (
    <>
      <form onSubmit={submit} noValidate>
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
            <TextInput label="Organization" description="Its short name, such as acme. Needed if you joined by a link that was handed to you" size="sm" {...form.getInputProps("organization")} />
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
          {methods?.mail && (
            <Button variant="subtle" size="compact-xs" onClick={onForgotten}>
              Forgot your password?
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
