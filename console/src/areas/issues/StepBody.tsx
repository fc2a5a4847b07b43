import { Anchor, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Step } from "@/api/types";
import { Markdown } from "@/components/Markdown";
import { JsonBlock } from "@/ui/CodeBlock";
import { humanize } from "@/ui/format";
import { ScoreBar } from "@/ui/ScoreBar";
import { Tag } from "@/ui/Tag";
import { readConclusion, readMatching, readToolCall } from "./steps";
import classes from "./Timeline.module.css";

/** What one step has to show, by its kind. */
export function StepBody({ step }: { step: Step }) {
  switch (step.kind) {
    case "skill_matched":
      return <MatchingBody step={step} />;
    case "tool_called":
      return <ToolBody step={step} />;
    case "conclusion":
      return <Markdown text={readConclusion(step.metadata)?.summary ?? step.content} />;
    default:
      return step.content ? <Markdown text={step.content} /> : null;
  }
}

function MatchingBody({ step }: { step: Step }) {
  const { threshold, candidates } = readMatching(step.metadata);
  return (
    <>
      {candidates.length === 0 && <Markdown text={step.content} />}
      {candidates.length > 0 && (
        <Disclosed label={`Candidates (${candidates.length})`} opened>
          <div className={classes.candidates}>
            {candidates.map((candidate) => (
              <div key={candidate.skill_id} className={classes.candidate}>
                <Link to="/skills/$skillId" params={{ skillId: candidate.skill_id }} className="truncate">
                  {candidate.name}
                </Link>
                <ScoreBar score={candidate.score} threshold={candidate.how === "semantic" ? threshold : undefined} />
                <Text c="dimmed" size="xs">
                  {candidate.reason || humanize(candidate.how)}
                </Text>
              </div>
            ))}
          </div>
        </Disclosed>
      )}
    </>
  );
}

function ToolBody({ step }: { step: Step }) {
  // The step's text says the same in words, for those who read it outside of the console.
  const call = readToolCall(step.metadata);
  return (
    <Stack gap={6}>
      {call.condition && (
        <Group gap={8}>
          <span className="mono">{call.condition.expression}</span>
          <Tag tone={call.condition.met ? "accent" : "neutral"}>{call.condition.met ? "Condition met" : "Condition not met"}</Tag>
          {call.condition.reason && <Text c="dimmed">{call.condition.reason}</Text>}
        </Group>
      )}
      {call.error && <Text c="var(--st-critical)">{call.error}</Text>}
      <Disclosed label="Arguments">
        <JsonBlock label="Arguments" value={call.arguments ?? {}} maxHeight={260} />
      </Disclosed>
      {call.result !== undefined && call.result !== null && (
        <Disclosed label={call.truncated ? "Result (cut to size)" : "Result"} opened={isShort(call.result)}>
          <JsonBlock label="Result" value={call.result} maxHeight={360} />
        </Disclosed>
      )}
    </Stack>
  );
}

/** Whether a result fits into the timeline as it is. */
function isShort(result: unknown): boolean {
  return JSON.stringify(result, null, 1).length < 420;
}

function Disclosed({ label, opened: initially, children }: { label: string; opened?: boolean; children: ReactNode }) {
  const [opened, { toggle }] = useDisclosure(initially);
  return (
    <div>
      <Anchor component="button" type="button" size="xs" c="dimmed" onClick={toggle} aria-expanded={opened}>
        <IconChevronRight
          size={12}
          style={{ verticalAlign: -1, marginRight: 3, transform: opened ? "rotate(90deg)" : undefined }}
        />
        {label}
      </Anchor>
      <Collapse expanded={opened}>{opened && children}</Collapse>
    </div>
  );
}
