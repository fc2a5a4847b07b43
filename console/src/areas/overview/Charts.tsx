import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Group, Text } from "@mantine/core";
import type { Overview } from "@/api/types";
import { useNow } from "@/hooks/useNow";
import { formatCount } from "@/ui/format";
import { DAY_MS, everyStep, HOUR_MS, perDay } from "./series";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const hour = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", timeZone: "UTC" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const HEIGHT = 190;
const NO_VERDICTS = { real: 0, false_positive: 0, undetermined: 0 };
/* The labels of the axis are centred on their lines, so the topmost needs room above it. */
const ROOM = { margin: { top: 8, right: 8, bottom: 0, left: 0 } };
const COUNTS = { width: 34, allowDecimals: false, interval: 0, tickCount: 4 } as const;
const X_AXIS = { minTickGap: 28, interval: "equidistantPreserveStart" } as const;

interface IngestProps {
  hours: Overview["ingest"];
  /** How far the chart looks back: by hours for a week, by days for longer. */
  span: number;
}

export function IngestChart({ hours, span }: IngestProps) {
  const now = useNow();
  const total = hours.reduce((sum, { count }) => sum + count, 0);
  const label = span === 1 ? clock : span > 7 ? date : hour;
  const points = span > 7 ? everyStep(perDay(hours), DAY_MS, span, now, { count: 0 }) : everyStep(hours, HOUR_MS, span * 24, now, { count: 0 });
  // A week is read by its days; shorter and longer spans by whatever fits.
  const midnights = span === 7 && {
    ticks: points.map(({ at }) => label.format(new Date(at))).filter((text) => text.endsWith("00:00")),
    tickFormatter: (text: string) => text.split(",")[0] ?? text,
  };
  return (
    <div role="img" aria-label={`${formatCount(total)} alerts received in this span`}>
      <BarChart
        h={HEIGHT}
        data={points.map(({ at, count }) => ({ at: label.format(new Date(at)), Alerts: count }))}
        dataKey="at"
        series={[{ name: "Alerts", color: "var(--st-accent)" }]}
        maxBarWidth={28}
        gridAxis="x"
        tickLine="none"
        barChartProps={{ ...ROOM, barCategoryGap: 1 }}
        xAxisProps={{ ...X_AXIS, ...midnights }}
        yAxisProps={COUNTS}
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

export function VerdictChart({ days, span }: { days: Overview["verdict_series"]; span: number }) {
  const now = useNow();
  const label = span > 7 ? date : day;
  // The last 24 hours began yesterday.
  const data = everyStep(days, DAY_MS, Math.max(2, span), now, NO_VERDICTS).map(({ at, real, false_positive, undetermined }) => ({
    at: label.format(new Date(at)),
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
        barChartProps={ROOM}
        xAxisProps={X_AXIS}
        yAxisProps={COUNTS}
      />
    </div>
  );
}
