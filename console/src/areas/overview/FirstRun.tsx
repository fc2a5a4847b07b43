import { Grid, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Overview } from "@/api/types";
import { CodeBlock } from "@/ui/CodeBlock";
import { alertmanagerConfig, curlExample } from "@/components/webhook";
import { Section } from "@/ui/Section";
import { ModelNote } from "./ModelNote";

/** What a new organization sees: how to get the first alert in. */
export function FirstRun({ model }: { model: Overview["model"] }) {
  const origin = globalThis.location.origin;
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Section title="Nothing has come in yet">
          <Stack gap="md">
            <Text>
              Every alert that is posted here is stored, matched to a skill, investigated and answered. Three steps and the first
              one arrives:
            </Text>
            <div>
              <Title order={3} mb={4}>1. Create a token</Title>
              <Text>
                With the scope <span className="mono">ingest</span>, on the page <Link to="/tokens" search={{ create: "yes" }}>Tokens</Link>. It is shown once.
              </Text>
            </div>
            <div>
              <Title order={3} mb={6}>2. Point Alertmanager at Steward</Title>
              <CodeBlock label="Alertmanager configuration" code={alertmanagerConfig(origin, "<token>")} />
            </div>
            <div>
              <Title order={3} mb={6}>3. Or try it by hand</Title>
              <CodeBlock label="curl command" code={curlExample(origin, "<token>")} />
            </div>
            <Text c="dimmed">This page changes by itself as soon as the first alert is in.</Text>
          </Stack>
        </Section>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="md">
          <ModelNote model={model} />
          <Section title="Make it yours">
            <Stack gap={6}>
              <Text><Link to="/skills">Skills</Link> hold what your team knows: how to look into an alert.</Text>
              <Text><Link to="/receivers">Receivers</Link> are the channels that are told what came of it.</Text>
              <Text><Link to="/members">Members</Link> are the people who take over where Steward stops.</Text>
            </Stack>
          </Section>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
