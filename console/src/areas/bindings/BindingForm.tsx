import { Button, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useInfiniteQuery } from "@tanstack/react-query";
import { rowsOf } from "@/api/paging";
import { may, useTree } from "@/api/rights";
import { useMe } from "@/api/session";
import { skillQueries, useDryRun, useSaveBinding } from "@/api/skills";
import type { Binding, NewBinding } from "@/api/types";
import { useOwnerRule } from "@/components/owner";
import { DryRunTable } from "@/components/DryRunTable";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { Failure } from "@/ui/states";
import { ExampleTest } from "./ExampleTest";
import { patternError } from "./pattern";
import { MONO } from "@/ui/mono";

interface Props {
  binding: Binding | null;
  onSaved: () => void;
}

export function BindingForm({ binding, onSaved }: Props) {
  const me = useMe();
  const tree = useTree();
  const { first } = useOwnerRule("skills:write");
  const skills = rowsOf(useInfiniteQuery(skillQueries.list()).data, (skill) => skill.id);
  const bindable = skills.filter((skill) => may(me, "skills:write", { node: skill.node_id }, tree));
  const save = useSaveBinding(binding?.id ?? null);
  const dryRun = useDryRun();
  const form = useForm<NewBinding>({
    initialValues: {
      alert_pattern: binding?.alert_pattern ?? "",
      skill_id: binding?.skill.id ?? "",
      priority: binding?.priority ?? 100,
    },
    validate: {
      alert_pattern: patternError,
      skill_id: (value) => (value ? null : "Choose a skill"),
    },
  });
  const submit = form.onSubmit((values) =>
    save.mutate(values, {
      onSuccess: () => {
        notifyDone("Binding saved");
        onSaved();
      },
      onError: (error) => notifyFailure("The binding was not saved", error),
    }),
  );
  const chosen = skills.find((skill) => skill.id === form.values.skill_id);
  const tryIt = () => {
    if (!form.validateField("alert_pattern").hasError) dryRun.mutate({ pattern: form.values.alert_pattern, days: 7 });
  };
  return (
    <Stack gap="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Alert pattern"
            description="A keyword, or /a regular expression/, looked for in title, type, description and labels"
            required
            data-autofocus
            classNames={MONO}
            {...form.getInputProps("alert_pattern")}
          />
          <Group grow align="start">
            <Select
              label="Skill"
              required
              searchable
              data={bindable.map((skill) => ({ value: skill.id, label: skill.name }))}
              nothingFoundMessage="No skill of yours"
              {...form.getInputProps("skill_id")}
            />
            <NumberInput label="Priority" description="Highest first" inputWrapperOrder={["label", "input", "description", "error"]} {...form.getInputProps("priority")} />
          </Group>
          <Group gap="xs">
            <Button type="submit" loading={save.isPending}>Save binding</Button>
            <Button variant="default" loading={dryRun.isPending} onClick={tryIt}>Which past alerts would this match?</Button>
          </Group>
        </Stack>
      </form>
      {dryRun.error && <Failure error={dryRun.error} />}
      {dryRun.data && <Section title="Last 7 days" flush><DryRunTable result={dryRun.data} /></Section>}
      <ExampleTest pattern={form.values.alert_pattern} owner={chosen ? chosen.node_id : first} />
    </Stack>
  );
}
