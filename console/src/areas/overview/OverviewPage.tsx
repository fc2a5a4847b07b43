import { Grid, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { overviewQuery } from "@/api/platform";
import type { Overview } from "@/api/types";
import { Page } from "@/components/Page";
import { Section } from "@/ui/Section";
import { Loaded } from "@/ui/states";
import { FailingReceivers } from "./FailingReceivers";
import { Figures } from "./Figures";
import { FirstRun } from "./FirstRun";
import { ModelNote } from "./ModelNote";
import { RecentIssues } from "./RecentIssues";

/* Charts weigh more than the rest of the page together, so they come after it. */
const IngestChart = lazy(() => import("./Charts").then((charts) => ({ default: charts.IngestChart })));
const VerdictChart = lazy(() => import("./Charts").then((charts) => ({ default: charts.VerdictChart })));

export function OverviewPage() {
  const query = useQuery(overviewQuery());
  return (
    <Page title="Overview" permission="alerts:read">
      <Loaded query={query} skeleton={<OverviewSkeleton />}>
        {(overview) => (isUntouched(overview) ? <FirstRun model={overview.model} /> : <Dashboard overview={overview} />)}
      </Loaded>
    </Page>
  );
}

/** Whether nothing has ever come in. */
function isUntouched(overview: Overview): boolean {
  const open = Object.values(overview.open_alerts).some((count) => count > 0);
  return !open && overview.recent_issues.length === 0 && overview.ingest.every((hour) => hour.count === 0);
}

function Dashboard({ overview }: { overview: Overview }) {
  return (
    <Stack gap="md">
      <Figures overview={overview} />
      <FailingReceivers receivers={overview.failing_receivers} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Section title="Alerts received, per hour">
          <Suspense fallback={<Skeleton height={190} />}><IngestChart hours={overview.ingest} /></Suspense>
        </Section>
        <Section title="Verdicts, per day">
          <Suspense fallback={<Skeleton height={190} />}><VerdictChart days={overview.verdict_series} /></Suspense>
        </Section>
      </SimpleGrid>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}><RecentIssues issues={overview.recent_issues} /></Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}><ModelNote model={overview.model} /></Grid.Col>
      </Grid>
    </Stack>
  );
}

function OverviewSkeleton() {
  return (
    <Stack gap="md" role="status" aria-label="Loading">
      <Skeleton height={86} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={244} />
        <Skeleton height={244} />
      </SimpleGrid>
      <Skeleton height={220} />
    </Stack>
  );
}
