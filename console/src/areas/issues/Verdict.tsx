import { Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { VerdictTag } from "@/components/badges";
import { Markdown } from "@/components/Markdown";
import { Tag } from "@/ui/Tag";
import type { Conclusion } from "./steps";
import classes from "./Timeline.module.css";

const COLORS: Record<string, string> = { real: "critical", false_positive: "ok", undetermined: "medium" };

interface Props {
  conclusion: Conclusion;
  issueId: string;
  runId: string;
  lit: number | null;
}

/** The answer: verdict, cause, what it rests on, and what to do. Every claim leads to its evidence. */
export function Verdict({ conclusion, issueId, runId, lit }: Props) {
  const { verdict, summary, cause, confidence, claims, actions, remarks } = conclusion;
  return (
    <section className={classes.verdict} aria-label="Conclusion" style={{ "--verdict-color": `var(--st-${COLORS[verdict] ?? "neutral"})` } as object}>
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={2}>Conclusion</Title>
          <VerdictTag verdict={verdict} />
          {confidence !== undefined && <Text c="dimmed">{Math.round(confidence * 100)} % confident</Text>}
        </Group>
        <Markdown text={summary} />
        {cause && (
          <div>
            <Title order={3} mb={2}>Cause</Title>
            <Markdown text={cause} />
          </div>
        )}
        {claims.length > 0 && (
          <div>
            <Title order={3} mb={6}>What this rests on</Title>
            <ul className={classes.claims}>
              {claims.map((claim) => (
                <li key={claim.text} className={classes.claim}>
                  <span>{claim.text}</span>
                  {!claim.verified && <Tag tone="medium">Not verified</Tag>}
                  {claim.steps.map((seq) => (
                    <Link
                      key={seq}
                      to="/issues/$issueId"
                      params={{ issueId }}
                      search={{ run: runId, step: String(seq) }}
                      replace
                      resetScroll={false}
                      className={classes.evidence}
                      aria-current={lit === seq || undefined}
                    >
                      step {seq}
                    </Link>
                  ))}
                </li>
              ))}
            </ul>
          </div>
        )}
        {remarks.map((remark) => (
          <Text key={remark} c="dimmed">{remark}</Text>
        ))}
        {actions.length > 0 && (
          <div>
            <Title order={3} mb={4}>What to do</Title>
            <ol style={{ margin: 0, paddingLeft: 20 }}>
              {actions.map((action) => (
                <li key={action}><Markdown text={action} /></li>
              ))}
            </ol>
          </div>
        )}
      </Stack>
    </section>
  );
}
