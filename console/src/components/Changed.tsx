import { Alert, Button, Group, Text } from "@mantine/core";
import { IconCopy, IconUsers } from "@tabler/icons-react";
import { copyText } from "@/ui/copy";
import { notifyDone } from "@/ui/notify";

interface ChangedProps {
  /** What it is, such as "skill". */
  what: string;
  busy: boolean;
  onTake: () => void;
  onOverwrite: () => void;
}

/** Says that somebody else saved in the meantime, and leaves the choice to the one who came second. */
export function ChangedMeanwhile({ what, busy, onTake, onOverwrite }: ChangedProps) {
  return (
    <Alert color="orange" icon={<IconUsers size={16} />} title={`Somebody else changed this ${what} while you were editing it`}>
      <Text mb="xs">What you see here is not saved yet.</Text>
      <Group gap="xs">
        <Button variant="default" disabled={busy} onClick={onTake}>Load theirs</Button>
        <Button variant="default" loading={busy} onClick={onOverwrite}>Overwrite</Button>
      </Group>
    </Alert>
  );
}

/** The text that gave way to somebody else's, for as long as it is wanted. */
export function KeptText({ text, onDone }: { text: string | null; onDone: () => void }) {
  if (text === null) return null;
  const copy = () => void copyText(text).then((copied) => copied && notifyDone("Your text is on the clipboard"));
  return (
    <Alert mb="md" icon={<IconCopy size={16} />} title="This is what they saved" withCloseButton closeButtonLabel="Dismiss" onClose={onDone}>
      <Text mb="xs">What you had written is kept until you leave this page.</Text>
      <Button variant="default" onClick={copy}>Copy mine</Button>
    </Alert>
  );
}
