import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconMapQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useReducer } from "react";
import { useAcceptMyInvitation } from "@/api/account";
import { offerQuery, useAcceptAsNew, useDeclineByLink } from "@/api/guest";
import { dropLinkSecret, useLinkSecret } from "@/api/link-secret";
import { meQuery, useSignOut, useSwitchOrganization } from "@/api/session";
import type { Me, Offer } from "@/api/types";
import { roleName } from "@/components/roles";
import { confirm } from "@/ui/confirm";
import { notifyFailure } from "@/ui/notify";
import { Empty, RowsSkeleton } from "@/ui/states";
import { Time } from "@/ui/Time";
import { Card, GuestPage } from "./GuestPage";
import { checkNewPassword, NEW_PASSWORD } from "@/components/new-password";
import { Refusal } from "./Refusal";

/** Where the link of an invitation leads. */
export function InvitationPage() {
  const link = useLinkSecret("/invitation");
  const [visit, startAnew] = useReducer((visits: number) => visits + 1, 0);
  return (
    <GuestPage title="You are invited">
      <Card>{link ? <Invitation key={`${link.round} ${visit}`} {...link} onSignedOut={startAnew} /> : <NoLink />}</Card>
    </GuestPage>
  );
}

export function NoLink() {
  return (
    <Empty icon={IconMapQuestion} title="Open the link that you were given" action={<Button component={Link} to="/" variant="default">Go to Steward</Button>}>
      This page works with the whole link. A link is kept nowhere: after a reload, open it again.
    </Empty>
  );
}

interface Props {
  secret: string;
  round: number;
  /** Signing out empties the cache, so everything here is asked anew. */
  onSignedOut: () => void;
}

function Invitation({ secret, round, onSignedOut }: Props) {
  const offer = useQuery(offerQuery(secret, round));
  const me = useQuery(meQuery);
  const decline = useDeclineByLink(secret);
  if (decline.isSuccess) return <Alert color="petrol" role="status">You declined. You can close this page.</Alert>;
  if (offer.error) {
    return (
      <Stack gap="md">
        <Refusal error={offer.error} at={offer.errorUpdatedAt} />
        <Button component={Link} to="/" variant="default">Go to Steward</Button>
      </Stack>
    );
  }
  if (!offer.data || me.isPending) return <RowsSkeleton rows={3} />;
  return (
    <Stack gap="md">
      <Terms offer={offer.data} />
      {me.data ? <AsMyself offer={offer.data} me={me.data} onSignedOut={onSignedOut} /> : <AsNew secret={secret} offer={offer.data} />}
      <Decline decline={decline} offer={offer.data} />
    </Stack>
  );
}

function Terms({ offer }: { offer: Offer }) {
  return (
    <div>
      <Text fw={600} fz={16}>{offer.organization}</Text>
      <Text c="dimmed">
        invites {offer.email} as {roleName(offer.role).toLowerCase()}. The offer ends <Time at={offer.expires_at} />.
      </Text>
    </div>
  );
}

/** Somebody who is signed in joins with the account they have. */
function AsMyself({ offer, me, onSignedOut }: { offer: Offer; me: Me; onSignedOut: () => void }) {
  const accept = useAcceptMyInvitation();
  const enter = useSwitchOrganization();
  const signOut = useSignOut();
  const mine = me.user?.email === offer.email;
  if (!mine || !me.user?.email_verified) {
    return (
      <>
        <Alert color="orange">
          {mine
            ? `Your account of ${offer.email} works in ${me.organization.name} only, because nobody proved that the address is yours. Prove it under Account to join with it, or sign out.`
            : `You are signed in as ${me.user?.email ?? me.token?.name}. This invitation is for ${offer.email}.`}
        </Alert>
        <Button loading={signOut.isPending} onClick={() => signOut.mutate(undefined, { onSettled: onSignedOut })}>Sign out and go on</Button>
      </>
    );
  }
  const join = () =>
    accept.mutate(offer.id, {
      onSuccess: ({ organization }) => {
        dropLinkSecret();
        enter.mutate(organization, { onError: (error) => notifyFailure("You joined; the organization was not opened", error) });
      },
    });
  return (
    <>
      <Refusal error={accept.error} at={accept.submittedAt} />
      <Button data-autofocus loading={accept.isPending || enter.isPending} onClick={join}>Join as {me.user?.name ?? me.user?.email}</Button>
    </>
  );
}

/** Somebody new chooses a password. */
function AsNew({ secret, offer }: { secret: string; offer: Offer }) {
  const router = useRouter();
  const accept = useAcceptAsNew(secret);
  const form = useForm({ initialValues: { name: "", password: "" }, validate: { password: checkNewPassword } });
  const submit = form.onSubmit(({ name, password }) =>
    accept.mutate(
      { name: name.trim() || undefined, password },
      {
        onSuccess: () => {
          dropLinkSecret();
          router.history.push("/");
        },
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Refusal error={accept.error} at={accept.submittedAt} />
        <TextInput label="Your name" autoComplete="name" size="sm" {...form.getInputProps("name")} />
        <input type="hidden" autoComplete="username" value={offer.email} readOnly />
        <PasswordInput {...NEW_PASSWORD} {...form.getInputProps("password")} />
        {!offer.proves_address && (
          <Text c="dimmed" size="xs">
            Nobody proved that {offer.email} is yours, so this account works in {offer.organization} only. When you sign in, name the
            organization: <span className="mono">{offer.organization_slug}</span>
          </Text>
        )}
        <Button type="submit" size="sm" loading={accept.isPending}>Join {offer.organization}</Button>
        <Button variant="default" size="sm" onClick={() => void router.navigate({ to: "/sign-in", search: { next: "/invitation" } })}>I have an account</Button>
      </Stack>
    </form>
  );
}

function Decline({ decline, offer }: { decline: ReturnType<typeof useDeclineByLink>; offer: Offer }) {
  const ask = () =>
    confirm({
      title: `Decline the invitation to ${offer.organization}?`,
      body: "The link opens nothing any more. To join later you need another one.",
      action: "Decline",
      onConfirm: () => decline.mutate(undefined, { onError: (error) => notifyFailure("The invitation was not declined", error) }),
    });
  return <Button variant="subtle" size="compact-xs" loading={decline.isPending} onClick={ask}>Decline</Button>;
}
