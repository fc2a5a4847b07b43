import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type AlertFilters as Filters, alertQueries } from "@/api/alerts";
import { FilterBar, FilterMany, FilterOne, OWNERS, SearchBox } from "@/components/Filters";
import { OwnerFilter } from "@/components/owner";
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
      <FilterOne label="Assigned to" value={filters.assigned_to} choices={OWNERS} onChange={(assigned_to) => set({ assigned_to })} />
      <OwnerFilter value={filters.node_id} onChange={(node_id) => set({ node_id })} />
      <FilterOne
        label="Received"
        value={sinceChoice(filters.since, now)}
        choices={SINCE_CHOICES}
        onChange={(hours) => set({ since: sinceTime(hours ?? "", new Date()) })}
      />
      {filtered && (
        <Button variant="subtle" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </FilterBar>
  );
}
