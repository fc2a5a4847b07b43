import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AlertFilters as Filters, alertQueries } from "@/api/alerts";
import { FilterBar, FilterMany, SearchBox } from "@/components/Filters";
import { useNow } from "@/hooks/useNow";
import { ALERT_STATUSES, SEVERITIES, SINCE_CHOICES, sinceChoice, sinceTime } from "./filters";

interface Props {
  filters: Filters;
  onChange: (next: Filters) => void;
}

export function AlertFilters({ filters, onChange }: Props) {
  const { data: facets } = useQuery(alertQueries.facets);
  const now = useNow();
  const set = (part: Filters) => onChange({ ...filters, ...part });
  const filtered = Object.values(filters).some(Boolean);
  return (
    <FilterBar search={<SearchBox inputId="alert-search" label="Search alerts" value={filters.q} onChange={(q) => set({ q })} />}>
      <FilterMany
        label="Status"
        value={filters.status}
        choices={ALERT_STATUSES.map((value) => ({ value, count: facets?.status[value] ?? 0 }))}
        onChange={(status) => set({ status })}
      />
      <FilterMany
        label="Severity"
        value={filters.severity}
        choices={SEVERITIES.map((value) => ({ value, count: facets?.severity[value] ?? 0 }))}
        onChange={(severity) => set({ severity })}
      />
      <FilterMany
        label="Source"
        value={filters.source}
        choices={(facets?.source ?? []).map(({ value, count }) => ({ value, label: value, count }))}
        onChange={(source) => set({ source })}
      />
      <Select
        aria-label="Assigned to"
        w={132}
        data={[
          { value: "", label: "Anyone's" },
          { value: "me", label: "Mine" },
          { value: "none", label: "Nobody's" },
        ]}
        value={filters.assigned_to ?? ""}
        onChange={(value) => set({ assigned_to: value || undefined })}
      />
      <Select
        aria-label="Received"
        w={132}
        data={SINCE_CHOICES}
        value={sinceChoice(filters.since, now)}
        onChange={(value) => set({ since: sinceTime(value ?? "", new Date()) })}
      />
      {filtered && (
        <Button variant="subtle" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </FilterBar>
  );
}
