import { Center, Loader } from "@mantine/core";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { takeHandedOver } from "@/api/supabase";
import { InvitationPending, useHandedOver } from "@/api/supabase-sign-in";
import { safeReturnPath } from "@/search";
import { ForgottenPassword } from "./ForgottenPassword";
import { Card, GuestPage } from "./GuestPage";
import { PendingInvitations } from "./PendingInvitations";
import { SignInForm } from "./SignInForm";

export function SignInPage() {
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const arrival = useHandedOver();
  const [forgotten, setForgotten] = useState(false);
  const [pending, setPending] = useState<InvitationPending | null>(null);
  const goOn = () => router.history.push(safeReturnPath(next));
  useEffect(() => {
    const handed = takeHandedOver();
    if (handed) arrival.mutate(handed, { onSuccess: goOn });
    // What was handed over is there when the page opens, or never.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const invited = pending ?? (arrival.error instanceof InvitationPending ? arrival.error : null);
  if (forgotten) return <ForgottenPassword onBack={() => setForgotten(false)} />;
  // The page of a link has nothing to offer any more once its invitation is accepted here.
  const goIn = () => (next?.startsWith("/invitation") ? router.history.push("/") : goOn());
  const startAnew = () => {
    setPending(null);
    arrival.reset();
  };
  if (invited) return <PendingInvitations token={invited.token} onSignedIn={goIn} onBack={startAnew} />;
  return (
    <GuestPage title="Sign in to Steward">
      <Card>
        {arrival.isPending ? (
          <Center role="status" aria-label="Signing in">
            <Loader size="sm" />
          </Center>
        ) : (
          <SignInForm refusal={arrival.error} onSignedIn={goOn} onInvited={setPending} onForgotten={() => setForgotten(true)} />
        )}
      </Card>
    </GuestPage>
  );
}
