import { Select } from "@mantine/core";
import type { Run } from "@/api/types";
import { formatRelative, humanize } from "@/ui/format";
import { useNow } from "@/hooks/useNow";

interface Props {
  runs: Run[];
  current: string;
  onChange: (id: string) => void;
}

/** Chooses between the runs of an issue; earlier ones are never lost. */
export function RunSwitcher({ runs, current, onChange }: Props) {
  const now = useNow();
  if (runs.length < 2) return null;
  return (
    <Select
      aria-label="Run"
      w={210}
      data={runs.map((run, index) => ({
        value: run.id,
        label: `Run ${runs.length - index}: ${humanize(run.status)}, ${formatRelative(run.created_at, now)}`,
      }))}
      value={current}
      onChange={(value) => value && onChange(value)}
    />
  );
}
