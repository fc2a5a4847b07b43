import { Modal, SimpleGrid, Stack, Table, Title } from "@mantine/core";
import { useMe } from "@/api/session";
import { Keys } from "@/ui/Keys";
import { placesFor } from "./nav";

const LIST_KEYS: [string, string][] = [
  ["j", "Next alert"],
  ["k", "Previous alert"],
  ["x", "Select"],
  ["Shift x", "Select up to here"],
  ["Enter", "Open"],
  ["a", "Assign to me"],
  ["r", "Resolve"],
  ["f", "False positive"],
  ["i", "Investigate"],
  ["/", "Search"],
  ["Escape", "Clear the selection"],
];

function KeyTable({ title, keys }: { title: string; keys: [string, string][] }) {
  return (
    <Stack gap={4}>
      <Title order={3}>{title}</Title>
      <Table withRowBorders={false} verticalSpacing={3} horizontalSpacing={4}>
        <Table.Tbody>
          {keys.map(([key, meaning]) => (
            <Table.Tr key={key}>
              <Table.Td w={96}>
                <Keys keys={key.split(" ")} />
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** What every key does. */
export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const me = useMe();
  const places = placesFor(me).map((place): [string, string] => [`g ${place.key}`, place.label]);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <KeyTable title="Anywhere" keys={[["Ctrl K", "Search and commands"], ["?", "This help"], ...places]} />
        <KeyTable title="Alerts" keys={LIST_KEYS} />
      </SimpleGrid>
    </Modal>
  );
}
