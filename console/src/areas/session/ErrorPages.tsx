import { Button, Center } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { Failure, Nothing } from "@/ui/states";

export function NotFoundPage() {
  return (
    <Center mih="60vh">
      <main>
        <h1 className="visually-hidden">Not found</h1>
        <Nothing
          title="There is nothing at this address"
          action={
            <Button component={Link} to="/" variant="default">
              Go to the overview
            </Button>
          }
        />
      </main>
    </Center>
  );
}

export function CrashPage({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Center mih="60vh">
      <Failure error={error} retry={() => void router.invalidate()} />
    </Center>
  );
}
