import { Group, Kbd } from "@mantine/core";

/** Keys to press, one after the other or together. */
export function Keys({ keys }: { keys: string[] }) {
  return (
    <Group component="span" gap={4} wrap="nowrap">
      {keys.map((key) => (
        <Kbd key={key} size="xs">{key}</Kbd>
      ))}
    </Group>
  );
}
