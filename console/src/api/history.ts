import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";

/** Something whose changes are shown beside it. */
export interface HistorySubject {
  type: "alert" | "issue";
  id: string;
}

const PATHS = { alert: "/api/v1/alerts/{id}/history", issue: "/api/v1/issues/{id}/history" } as const;

/** Who changed it and why, newest first. */
export const historyQuery = ({ type, id }: HistorySubject) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: keys.history.of(id),
    queryFn: ({ pageParam, signal }) => call(api.GET(PATHS[type], { params: { path: { id }, query: { limit: 50, cursor: pageParam } }, signal })),
  });
