import { Chip, Group, Input, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { receiverQueries } from "@/api/receivers";
import type { ReceiverDraft } from "./draft";

const SEVERITIES = [
  { value: "low", label: "All issues" },
  { value: "medium", label: "Medium severity and above" },
  { value: "high", label: "High severity and above" },
  { value: "critical", label: "Critical severity only" },
];
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

interface Props {
  form: UseFormReturnType<ReceiverDraft>;
  receiverId: string | undefined;
}

/** What a receiver hears of, when, and who is told instead. */
export function Listening({ form, receiverId }: Props) {
  const query = useInfiniteQuery(receiverQueries.list);
  const others = rowsOf(query.data ?? { pages: [], pageParams: [] }, (receiver) => receiver.id).filter((other) => other.id !== receiverId);
  const hours = form.values.hours;
  const set = (change: Partial<NonNullable<typeof hours>>) => hours && form.setFieldValue("hours", { ...hours, ...change });
  const limit = (limited: boolean) =>
    form.setFieldValue("hours", limited ? { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" } : null);
  return (
    <Stack gap="sm">
      <Select label="Is told of" allowDeselect={false} data={SEVERITIES} {...form.getInputProps("min_severity")} />
      <Switch
        label="Only at some hours"
        description="At others the default receivers are told"
        checked={hours !== null}
        onChange={(event) => limit(event.currentTarget.checked)}
      />
      {hours && (
        <Stack gap="xs">
          <Input.Wrapper label="Days" error={hours.weekdays.length === 0 && "Choose one at least"}>
            <Chip.Group multiple value={hours.weekdays.map(String)} onChange={(days) => set({ weekdays: days.map(Number).toSorted((one, other) => one - other) })}>
              <Group gap={6} mt={4}>
                {DAYS.map((day, index) => <Chip key={day} size="xs" value={String(index + 1)}>{day}</Chip>)}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Group gap="sm" grow>
            <TextInput label="From" type="time" value={hours.from} onChange={(event) => set({ from: event.currentTarget.value })} />
            <TextInput label="To" type="time" value={hours.to} onChange={(event) => set({ to: event.currentTarget.value })} />
          </Group>
          <Select label="Time zone" searchable allowDeselect={false} data={ZONES} value={hours.time_zone} onChange={(zone) => zone && set({ time_zone: zone })} />
        </Stack>
      )}
      <Select
        label="Who is told instead"
        description="When a message could not be delivered here"
        placeholder="Nobody"
        clearable
        data={others.map((other) => ({ value: other.id, label: other.name }))}
        {...form.getInputProps("fallback_id")}
      />
    </Stack>
  );
}
