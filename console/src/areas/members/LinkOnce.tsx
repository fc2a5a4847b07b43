import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { CodeBlock } from "@/ui/CodeBlock";

interface Props {
  email: string;
  link: string;
  onDone: () => void;
}

/** The only time that an invitation's link is seen, and what it is good for. */
export function LinkOnce({ email, link, onDone }: Props) {
  return (
    <Stack gap="sm">
      <Alert color="orange" icon={<IconAlertTriangle size={16} />}>
        This is the only time the link is shown. Whoever opens it joins as {email}: hand it over in private.
      </Alert>
      <CodeBlock label="Link" code={link} wrap />
      <Text c="dimmed" size="xs">
        It is valid for seven days, once. Because you saw it, it proves no address: a new account made with it works in this organization
        only. Somebody who has an account can join with that instead.
      </Text>
      <Button onClick={onDone}>I have copied it</Button>
    </Stack>
  );
}
