import { Chip, Input, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { receiverQueries } from "@/api/receivers";
import type { ReceiverDraft } from "./draft";
import classes from "./Listening.module.css";
import { DAYS, endsNextDay, SEVERITIES } from "./listening";

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
  const choose = (days: string[]) => form.setFieldValue("hours.weekdays", days.map(Number).toSorted((one, other) => one - other));
  const limit = (limited: boolean) =>
    form.setFieldValue("hours", limited ? { time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, weekdays: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" } : null);
  return (
    <Stack gap="sm">
      <Select label="Told of" description="By the severity of an issue" allowDeselect={false} data={SEVERITIES} {...form.getInputProps("min_severity")} />
      <Switch
        label="Only at some hours"
        description="At other hours the default receivers are told"
        checked={hours !== null}
        onChange={(event) => limit(event.currentTarget.checked)}
      />
      {hours && (
        <Stack gap="xs">
          <Input.Wrapper label="Days" error={hours.weekdays.length === 0 && "Choose one day at least"}>
            <Chip.Group multiple value={hours.weekdays.map(String)} onChange={choose}>
              <div className={classes.days}>
                {DAYS.map((day, index) => (
                  <Chip key={day} size="xs" radius="sm" value={String(index + 1)} classNames={{ label: classes.day, iconWrapper: classes.mark }}>{day}</Chip>
                ))}
              </div>
            </Chip.Group>
          </Input.Wrapper>
          <div className={classes.times}>
            <TextInput label="From" type="time" required {...form.getInputProps("hours.from")} />
            <TextInput label="To" type="time" required {...form.getInputProps("hours.to")} />
          </div>
          {endsNextDay(hours) && <Text c="dimmed" size="xs">They end on the next day; the days above are those on which they begin.</Text>}
          <Select label="Time zone" searchable allowDeselect={false} data={ZONES} {...form.getInputProps("hours.time_zone")} />
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
