import { Alert, Button, Stack, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { CreatedToken } from "@/api/types";
import { alertmanagerConfig } from "@/components/webhook";
import { CodeBlock } from "@/ui/CodeBlock";

/** The only time a token is seen, together with where to put it. */
export function TokenOnce({ created, onDone }: { created: CreatedToken; onDone: () => void }) {
  return (
    <Stack gap="sm">
      <Alert color="orange" icon={<IconAlertTriangle size={16} />}>
        This is the only time it is shown. Steward keeps no copy it could show again.
      </Alert>
      <CodeBlock label="Token" code={created.token} wrap />
      {created.scopes.includes("ingest") && (
        <div>
          <Title order={3} mb={6}>For Alertmanager</Title>
          <CodeBlock label="Alertmanager configuration" code={alertmanagerConfig(globalThis.location.origin, created.token)} />
        </div>
      )}
      <Button onClick={onDone}>I have copied it</Button>
    </Stack>
  );
}
