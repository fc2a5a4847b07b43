import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged, withoutEmpty } from "./paging";

export interface IssueFilters {
  status?: string;
  severity?: string;
  assigned_to?: string;
  is_real_issue?: string;
  /** A unit or team, with all below it. */
  node_id?: string;
  q?: string;
}

export const issueQueries = {
  list: (filters: IssueFilters) =>
    infiniteQueryOptions({
      ...paged,
      queryKey: keys.issues.list(withoutEmpty(filters)),
      placeholderData: keepPreviousData,
      queryFn: ({ pageParam, signal }) => {
        const { is_real_issue, ...rest } = withoutEmpty(filters);
        const query = { ...rest, is_real_issue: is_real_issue === undefined ? undefined : is_real_issue === "true", limit: 50, cursor: pageParam };
        return call(api.GET("/api/v1/issues", { params: { query }, signal }));
      },
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: keys.issues.one(id),
      queryFn: () => call(api.GET("/api/v1/issues/{id}", { params: { path: { id } } })),
    }),
  runs: (id: string) =>
    queryOptions({
      queryKey: keys.issues.runs(id),
      queryFn: () => call(api.GET("/api/v1/issues/{id}/runs", { params: { path: { id } } })),
    }),
  run: (id: string) =>
    queryOptions({
      queryKey: keys.runs.one(id),
      placeholderData: keepPreviousData,
      queryFn: () => call(api.GET("/api/v1/runs/{id}", { params: { path: { id } } })),
    }),
};

export type IssueChange =
  | { action: "assign"; user_id: string | null }
  | { action: "resolve" | "false-positive"; reason?: string }
  | { action: "reprocess" | "erase" };

function send(id: string, change: IssueChange) {
  const params = { path: { id } };
  switch (change.action) {
    case "assign":
      return call(api.POST("/api/v1/issues/{id}/assign", { params, body: { user_id: change.user_id } }));
    case "resolve":
      return call(api.POST("/api/v1/issues/{id}/resolve", { params, body: { reason: change.reason } }));
    case "false-positive":
      return call(api.POST("/api/v1/issues/{id}/false-positive", { params, body: { reason: change.reason } }));
    case "reprocess":
      return call(api.POST("/api/v1/issues/{id}/reprocess", { params, body: {} }));
    case "erase":
      return call(api.POST("/api/v1/issues/{id}/erase", { params }));
  }
}

export function useIssueChange(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: IssueChange) => send(id, change),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.issues.all });
      void client.invalidateQueries({ queryKey: keys.runs.all });
      void client.invalidateQueries({ queryKey: keys.alerts.all });
      void client.invalidateQueries({ queryKey: keys.history.all });
      void client.invalidateQueries({ queryKey: keys.auditAll });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}
