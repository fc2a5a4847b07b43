import { Group, Stack, Text } from "@mantine/core";
import type { Skill, SkillCheck } from "@/api/types";
import { humanize } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Tag } from "@/ui/Tag";
import type { LineError } from "./line-errors";
import classes from "./Skills.module.css";

interface Props {
  /** Absent for those who may only read. */
  check: SkillCheck | undefined;
  errors: LineError[];
  steps: Skill["steps"];
}

/** What of a procedure will run without a model, and what stands in its way. */
export function CheckResult({ check, errors, steps: saved }: Props) {
  const steps = check?.steps ?? saved;
  const rules = check?.rules ?? [];
  const executable = errors.length === 0 && steps.some((step) => step.tool);
  const aside = errors.length > 0 ? <Tag tone="critical">{errors.length === 1 ? "1 error" : `${errors.length} errors`}</Tag> : (
    <Tag tone={executable ? "accent" : "neutral"}>{executable ? "Executable" : "Guidance only"}</Tag>
  );
  return (
    <Section title="What will run" aside={aside}>
      <Stack gap="sm" aria-live="polite">
        {errors.map((error) => (
          <Text key={`${error.line}:${error.detail}`} c="var(--st-critical)">
            Line {error.line}: {error.detail}
          </Text>
        ))}
        {steps.length > 0 ? (
          <ol className={classes.steps}>
            {steps.map((step) => (
              <li key={step.line}>
                <span className="dim">line {step.line}</span>
                <span>{step.label}</span>
                <span className="mono">{step.tool ?? ""}</span>
              </li>
            ))}
          </ol>
        ) : (
          <Text c="dimmed">
            No step names a tool, so nothing runs by itself. People can follow the procedure, and a model can, if one is configured.
          </Text>
        )}
        {rules.length > 0 && (
          <Group gap="xs">
            <Text c="dimmed">Verdict rules:</Text>
            {rules.map((rule) => (
              <Tag key={rule.line} tone="neutral">
                {humanize(rule.verdict)}, line {rule.line}
              </Tag>
            ))}
          </Group>
        )}
      </Stack>
    </Section>
  );
}
