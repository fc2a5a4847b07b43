import { Center, Group, Loader, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useHandedOver } from "@/api/session";
import { takeHandedOver } from "@/api/supabase";
import { Logo } from "@/components/Logo";
import { safeReturnPath } from "@/search";
import { SignInForm } from "./SignInForm";
import classes from "./SignInPage.module.css";

export function SignInPage() {
  useDocumentTitle("Sign in · Steward");
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const arrival = useHandedOver();
  const goOn = () => router.history.push(safeReturnPath(next));
  useEffect(() => {
    const handed = takeHandedOver();
    if (handed) arrival.mutate(handed, { onSuccess: goOn });
    // What was handed over is there when the page opens, or never.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Group gap="sm" mb="md" justify="center">
          <Logo size={30} />
          <Title order={1} fz={19}>
            Sign in to Steward
          </Title>
        </Group>
        {arrival.isPending ? (
          <Center className={classes.form} role="status" aria-label="Signing in">
            <Loader size="sm" />
          </Center>
        ) : (
          <SignInForm refusal={arrival.error} onSignedIn={goOn} />
        )}
        <Text c="dimmed" mt="xl" ta="center">
          Every signal gets an owner, an answer and a record.
        </Text>
      </div>
    </main>
  );
}
