import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useChange } from "./change";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";
import type { Job, Queue, QueueChange } from "./types";

/** Where the jobs of a list are. */
export type JobList = "running" | "available" | "scheduled" | "finished";

/* Jobs come and go without an event, so what is looked at is read again. A hidden tab does not ask. */
const SOON_MS = 3_000;
const LATER_MS = 15_000;

/** A long list is read page by page, so it is read again less often. */
const pace = (pages: number) => (pages > 1 ? LATER_MS : SOON_MS);

const ENDED = new Set(["completed", "cancelled", "dead"]);

export const jobQueries = {
  queues: queryOptions({
    queryKey: keys.jobs.queues,
    refetchInterval: SOON_MS,
    queryFn: ({ signal }) => call(api.GET("/api/v1/jobs/queues", { signal })),
    select: (page) => page.items,
  }),
  list: (filters: { state: JobList; queue?: string }) =>
    infiniteQueryOptions({
      ...paged,
      queryKey: keys.jobs.list(filters),
      queryFn: ({ pageParam, signal }) =>
        call(api.GET("/api/v1/jobs", { params: { query: { ...filters, limit: 50, cursor: pageParam } }, signal })),
      refetchInterval: ({ state }) => pace(state.data?.pages.length ?? 1),
    }),
  /** A job, asked for again until it has ended. */
  one: (id: string) =>
    queryOptions({
      queryKey: keys.jobs.one(id),
      queryFn: ({ signal }): Promise<Job> => call(api.GET("/api/v1/jobs/{id}", { params: { path: { id } }, signal })),
      refetchInterval: ({ state }) => (state.error || ENDED.has(state.data?.state ?? "") ? false : SOON_MS),
    }),
  dead: infiniteQueryOptions({
    ...paged,
    queryKey: keys.jobs.dead,
    queryFn: ({ pageParam, signal }) =>
      call(api.GET("/api/v1/dead-letters", { params: { query: { limit: 50, cursor: pageParam } }, signal })),
    refetchInterval: ({ state }) => pace(state.data?.pages.length ?? 1),
  }),
  cron: queryOptions({
    queryKey: keys.jobs.cron,
    refetchInterval: LATER_MS,
    queryFn: ({ signal }) => call(api.GET("/api/v1/jobs/cron", { signal })),
    select: (page) => page.items,
  }),
};

/** Pauses a queue, lets it go on, or limits it; the table shows the answer at once. */
export function useChangeQueue(queue: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: QueueChange) => call(api.PATCH("/api/v1/jobs/queues/{queue}", { params: { path: { queue } }, body })),
    onSuccess: (changed) => {
      const replace = (one: Queue) => (one.queue === queue ? changed : one);
      client.setQueryData(jobQueries.queues.queryKey, (page) => page && { ...page, items: page.items.map(replace) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.jobs.queues }),
  });
}

export function useCancelJob() {
  return useChange(keys.jobs.all, (id: string) => call(api.POST("/api/v1/jobs/{id}/cancel", { params: { path: { id } } })));
}

/** Has a dead letter tried again, or says that it need not be. */
export function useSettleLetter(how: "replay" | "dismiss") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.POST(`/api/v1/dead-letters/{id}/${how}`, { params: { path: { id } } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.jobs.all });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}
