import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";

/** What is open now, and what happened in so many days. */
export const overviewQuery = (days = 7) =>
  queryOptions({
    queryKey: [...keys.overview, days],
    placeholderData: keepPreviousData,
    queryFn: () => call(api.GET("/api/v1/overview", { params: { query: { days } } })),
  });

export const deadJobsQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.deadJobs,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/jobs/dead", { params: { query: { limit: 50, cursor: pageParam } }, signal })),
});

export function useReplayJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.POST("/api/v1/jobs/dead/{id}/replay", { params: { path: { id } } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.deadJobs });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}
