import { Text, Title } from "@mantine/core";
import { IconBook2, IconBulb, IconDots, IconGavel, IconLoader2, IconTool, type IconProps } from "@tabler/icons-react";
import { type ComponentType, useEffect, useRef } from "react";
import type { RunDetail, Step } from "@/api/types";
import { formatDuration, humanize } from "@/ui/format";
import { Time } from "@/ui/Time";
import { StepBody } from "./StepBody";
import { readMatching, readToolCall } from "./steps";
import classes from "./Timeline.module.css";

const ICONS: Record<string, ComponentType<IconProps>> = {
  skill_matched: IconBook2,
  tool_called: IconTool,
  reasoning: IconBulb,
  conclusion: IconGavel,
};

interface Props {
  run: RunDetail;
  /** The step to show: it is scrolled to and lit up. */
  lit: number | null;
}

/** The steps of a run in their order; while the run goes on, the last line says so. */
export function Timeline({ run, lit }: Props) {
  const items = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (lit === null) return;
    items.current?.querySelector(`[data-seq="${lit}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  }, [lit]);
  const working = run.finished_at === null || run.finished_at === undefined;
  return (
    <ol className={classes.timeline} ref={items} aria-label="Steps" aria-live="polite" aria-relevant="additions">
      {run.steps.map((step) => (
        <StepItem key={step.id} step={step} lit={step.seq === lit} />
      ))}
      {working && (
        <li className={`${classes.step} ${classes.working}`}>
          <span className={classes.mark}>
            <IconLoader2 size={15} />
          </span>
          <div className={classes.card}>
            <Text c="dimmed">{run.started_at ? "Working on the next step" : "Waiting for a worker"}</Text>
          </div>
        </li>
      )}
    </ol>
  );
}

function StepItem({ step, lit }: { step: Step; lit: boolean }) {
  const Icon = ICONS[step.kind] ?? IconDots;
  const failed = step.kind === "tool_called" && readToolCall(step.metadata).error !== undefined;
  return (
    <li className={classes.step} data-seq={step.seq} data-lit={lit || undefined} id={`step-${step.seq}`}>
      <span className={classes.mark} data-kind={step.kind} data-failed={failed || undefined}>
        <Icon size={15} stroke={1.7} />
      </span>
      <div className={classes.card}>
        <div className={classes.head}>
          <Title order={3}>
            <span className="dim">{step.seq}</span> {titleOf(step)}
          </Title>
          <span className={classes.meta}>
            {typeof step.duration_ms === "number" && <>{formatDuration(step.duration_ms)} · </>}
            <Time at={step.created_at} />
          </span>
        </div>
        <StepBody step={step} />
      </div>
    </li>
  );
}

function titleOf(step: Step): string {
  switch (step.kind) {
    case "skill_matched": {
      const { matched } = readMatching(step.metadata);
      return matched ? `Matched the skill ${matched.name}` : "No skill matched";
    }
    case "tool_called": {
      const { tool, label } = readToolCall(step.metadata);
      return label ? `${label} (${tool})` : `Called ${tool}`;
    }
    default:
      return humanize(step.kind);
  }
}
