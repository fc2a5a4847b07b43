import "@mantine/charts/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import { Group, Text } from "@mantine/core";
import type { Overview } from "@/api/types";
import { useNow } from "@/hooks/useNow";
import { formatCount } from "@/ui/format";
import { DAY_MS, everyStep, HOUR_MS } from "./series";

const hour = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", timeZone: "UTC" });
const HEIGHT = 190;
const DAYS = 7;
const NO_VERDICTS = { real: 0, false_positive: 0, undetermined: 0 };

export function IngestChart({ hours }: { hours: Overview["ingest"] }) {
  const now = useNow();
  const total = hours.reduce((sum, { count }) => sum + count, 0);
  const data = everyStep(hours, HOUR_MS, DAYS * 24, now, { count: 0 }).map(({ at, count }) => ({ at: hour.format(new Date(at)), Alerts: count }));
  return (
    <div role="img" aria-label={`${formatCount(total)} alerts received in this span`}>
      <AreaChart
        h={HEIGHT}
        data={data}
        dataKey="at"
        series={[{ name: "Alerts", color: "var(--st-accent)" }]}
        curveType="step"
        withDots={false}
        withGradient={false}
        fillOpacity={0.16}
        strokeWidth={1.5}
        gridAxis="x"
        tickLine="none"
        xAxisProps={{ minTickGap: 48 }}
        yAxisProps={{ width: 34, allowDecimals: false }}
      />
    </div>
  );
}

const VERDICTS = [
  { name: "Real problem", color: "var(--st-chart-real)" },
  { name: "False positive", color: "var(--st-chart-false)" },
  { name: "Undetermined", color: "var(--st-chart-open)" },
];

function Legend() {
  return (
    <Group gap="md" mb={6} justify="end">
      {VERDICTS.map(({ name, color }) => (
        <Group key={name} gap={6}>
          <span style={{ width: 9, height: 9, borderRadius: 2, background: color }} />
          <Text size="xs" c="dimmed">
            {name}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

export function VerdictChart({ days }: { days: Overview["verdict_series"] }) {
  const now = useNow();
  const data = everyStep(days, DAY_MS, DAYS, now, NO_VERDICTS).map(({ at, real, false_positive, undetermined }) => ({
    at: day.format(new Date(at)),
    "Real problem": real,
    "False positive": false_positive,
    Undetermined: undetermined,
  }));
  const total = days.reduce((sum, one) => sum + one.real + one.false_positive + one.undetermined, 0);
  return (
    <div role="img" aria-label={`${formatCount(total)} verdicts in this span`}>
      <Legend />
      <BarChart
        h={HEIGHT - 25}
        data={data}
        dataKey="at"
        type="stacked"
        series={VERDICTS}
        maxBarWidth={28}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ width: 34, allowDecimals: false }}
      />
    </div>
  );
}
