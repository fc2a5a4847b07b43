import { Grid, SegmentedControl, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { alertQueries } from "@/api/alerts";
import { overviewQuery } from "@/api/platform";
import { usePermission } from "@/api/rights";
import type { Overview } from "@/api/types";
import { NobodyTold } from "@/components/NobodyTold";
import { Page } from "@/components/Page";
import { Section } from "@/ui/Section";
import { Loaded } from "@/ui/states";
import { FailingReceivers } from "./FailingReceivers";
import { Figures } from "./Figures";
import { FirstRun } from "./FirstRun";
import { ModelNote } from "./ModelNote";
import { RecentIssues } from "./RecentIssues";
import { SPANS, spanOf } from "./series";

/* Charts weigh more than the rest of the page together, so they come after it. */
const IngestChart = lazy(() => import("./Charts").then((charts) => ({ default: charts.IngestChart })));
const VerdictChart = lazy(() => import("./Charts").then((charts) => ({ default: charts.VerdictChart })));

export function OverviewPage() {
  const search = useSearch({ from: "/app/" });
  const navigate = useNavigate();
  const span = spanOf(search.days);
  const mayRead = usePermission("alerts:read");
  const query = useQuery({ ...overviewQuery(span), enabled: mayRead });
  const facets = useQuery({ ...alertQueries.facets, enabled: mayRead });
  const spans = (
    <SegmentedControl
      aria-label="Span"
      data={SPANS}
      value={String(span)}
      onChange={(days) => void navigate({ to: "/", search: days === "7" ? {} : { days }, replace: true })}
    />
  );
  // A quiet week is not a new organization.
  const untouched = facets.data !== undefined && Object.keys(facets.data.status).length === 0;
  return (
    <Page title="Overview" permission="alerts:read" actions={!untouched && spans}>
      <Loaded query={query} skeleton={<OverviewSkeleton />}>
        {(overview) => {
          if (facets.isPending) return <OverviewSkeleton />;
          return untouched ? <FirstRun model={overview.model} /> : <Dashboard overview={overview} span={span} />;
        }}
      </Loaded>
    </Page>
  );
}

function Dashboard({ overview, span }: { overview: Overview; span: number }) {
  return (
    <Stack gap="md">
      <Figures overview={overview} />
      <FailingReceivers receivers={overview.failing_receivers} />
      <NobodyTold />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Section title={span > 7 ? "Alerts received, per day" : "Alerts received, per hour"}>
          <Suspense fallback={<Skeleton height={190} />}><IngestChart hours={overview.ingest} span={span} /></Suspense>
        </Section>
        <Section title="Verdicts, per day">
          <Suspense fallback={<Skeleton height={190} />}><VerdictChart days={overview.verdict_series} span={span} /></Suspense>
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
