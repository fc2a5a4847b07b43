import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged, withoutEmpty } from "./paging";
import type { components } from "./schema";
import type { BulkRequest } from "./types";

/** Filters of the alert list as the server takes them: repeated values are comma separated. */
export interface AlertFilters {
  status?: string;
  severity?: string;
  source?: string;
  assigned_to?: string;
  q?: string;
  issue_id?: string;
  /** A unit or team, with all below it. */
  node_id?: string;
  since?: string;
  until?: string;
}

export const alertQueries = {
  list: (filters: AlertFilters) =>
    infiniteQueryOptions({
      ...paged,
      queryKey: keys.alerts.list(withoutEmpty(filters)),
      placeholderData: keepPreviousData,
      queryFn: ({ pageParam, signal }) =>
        call(
          api.GET("/api/v1/alerts", {
            params: { query: { ...withoutEmpty(filters), limit: 100, cursor: pageParam } },
            signal,
          }),
        ),
    }),
  facets: queryOptions({
    queryKey: keys.alerts.facets,
    queryFn: () => call(api.GET("/api/v1/alerts/facets")),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: keys.alerts.one(id),
      queryFn: () => call(api.GET("/api/v1/alerts/{id}", { params: { path: { id } } })),
    }),
};

export type AlertAction = "assign" | "resolve" | "false_positive" | "ignore" | "reopen" | "investigate";

/** Changes one or many alerts; the answer says for each whether it worked. */
export function useAlertAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: BulkRequest) => call(api.POST("/api/v1/alerts/bulk", { body: body as components["schemas"]["AlertsBulk"] })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.alerts.all });
      void client.invalidateQueries({ queryKey: keys.issues.all });
      void client.invalidateQueries({ queryKey: keys.history.all });
      void client.invalidateQueries({ queryKey: keys.auditAll });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

/** Opens an issue for an alert that has none. */
export function useInvestigate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.POST("/api/v1/alerts/{id}/investigate", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.alerts.all });
      void client.invalidateQueries({ queryKey: keys.issues.lists });
    },
  });
}
