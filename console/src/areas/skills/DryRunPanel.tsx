import { Button, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { useDryRun } from "@/api/skills";
import { DryRunTable } from "@/components/DryRunTable";
import { Section } from "@/ui/Section";
import { Failure } from "@/ui/states";

const SPANS = [{ value: "1", label: "the last day" }, { value: "7", label: "the last 7 days" }, { value: "30", label: "the last 30 days" }];

/** Which past alerts this skill, as it is saved, would have been matched to. */
export function DryRunPanel({ skillId }: { skillId: string }) {
  const [days, setDays] = useState("7");
  const dryRun = useDryRun();
  return (
    <Section
      title="Which past alerts would this match?"
      flush
      aside={
        <Group gap="xs">
          <Select aria-label="Span" w={140} data={SPANS} value={days} onChange={(value) => setDays(value ?? "7")} />
          <Button variant="default" loading={dryRun.isPending} onClick={() => dryRun.mutate({ skill_id: skillId, days: Number(days) })}>
            Dry run
          </Button>
        </Group>
      }
    >
      {dryRun.error && <Failure error={dryRun.error} />}
      {dryRun.data && <DryRunTable result={dryRun.data} />}
      {!dryRun.data && !dryRun.error && (
        <Text c="dimmed" p="sm">A dry run changes nothing: it compares the saved skill with the alerts of {SPANS.find((span) => span.value === days)?.label}.</Text>
      )}
    </Section>
  );
}
