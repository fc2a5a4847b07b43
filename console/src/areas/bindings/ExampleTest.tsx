import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSkillMatch } from "@/api/skills";
import { NodeSelect, WHOLE_ORGANIZATION } from "@/components/NodeSelect";
import { useIsDivided } from "@/components/owner";
import { Section } from "@/ui/Section";
import { ScoreBar } from "@/ui/ScoreBar";
import { Failure } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { matchingParts, readLabels } from "./pattern";

interface Props {
  pattern: string;
  /** The node that the example belongs to until another is chosen; null for the whole organization. */
  owner: string | null;
}

/** Holds the pattern against one alert, and asks the server which skill that alert gets today. */
export function ExampleTest({ pattern, owner }: Props) {
  const [title, setTitle] = useState("KubePodCrashLooping: payments-api in prod");
  const [labels, setLabels] = useState("namespace=payments\npod=payments-api-7d4b9");
  const [chosen, setChosen] = useState<string | null>();
  const divided = useIsDivided();
  const match = useSkillMatch();
  const node = chosen === undefined ? owner : chosen;
  const example = { title, labels: readLabels(labels) };
  const parts = matchingParts(pattern, example);
  return (
    <Section title="Test against an example alert">
      <Stack gap="sm">
        <TextInput label="Title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Textarea label="Labels" description="One name=value per line" autosize minRows={2} value={labels} onChange={(event) => setLabels(event.currentTarget.value)} />
        {divided && (
          <NodeSelect label="Belongs to" description="Skills of there and above are for it" whole={WHOLE_ORGANIZATION} value={node} onChange={setChosen} />
        )}
        <Group gap="xs" role="status">
          {parts.length > 0 ? <Tag tone="ok">Matches {parts.join(", ")}</Tag> : <Tag tone="neutral">Does not match</Tag>}
        </Group>
        <Group>
          <Button variant="default" loading={match.isPending} onClick={() => match.mutate({ ...example, owner: node })}>Which skill does this alert get today?</Button>
        </Group>
        {match.error && <Failure error={match.error} />}
        {match.data && (
          <Stack gap={6}>
            <Text>
              {match.data.matched ? <>It gets <b>{match.data.matched.name}</b> by {match.data.matched.how}.</> : "No skill matches it."}
            </Text>
            {match.data.candidates.map((candidate) => (
              <Group key={candidate.skill_id} justify="space-between" wrap="nowrap">
                <Text className="truncate" style={{ flex: 1 }}>{candidate.name}</Text>
                <div style={{ width: 160 }}><ScoreBar score={candidate.score} threshold={match.data.threshold} /></div>
              </Group>
            ))}
          </Stack>
        )}
      </Stack>
    </Section>
  );
}
