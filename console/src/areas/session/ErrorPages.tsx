import { Button, Center } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { IconMapQuestion } from "@tabler/icons-react";
import { Empty, Failure } from "@/ui/states";

export function NotFoundPage() {
  return (
    <Center mih="60vh">
      <main>
        <h1 className="visually-hidden">Not found</h1>
        <Empty
          icon={IconMapQuestion}
          title="There is nothing at this address"
          action={
            <Button component={Link} to="/" variant="default">
              Go to the overview
            </Button>
          }
        >
          It may have been deleted, or it belongs to another organization.
        </Empty>
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
