import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, callTagged, type Edit, ifMatch } from "./client";
import { keys } from "./keys";
import { paged, withoutEmpty } from "./paging";
import type { components } from "./schema";
import type { DryRunRequest, MatchRequest, NewBinding, NewSkill } from "./types";

export interface SkillFilters {
  status?: string;
  q?: string;
}

export const skillQueries = {
  list: (filters: SkillFilters = {}) =>
    infiniteQueryOptions({
      ...paged,
      queryKey: keys.skills.list(withoutEmpty(filters)),
      placeholderData: keepPreviousData,
      queryFn: ({ pageParam, signal }) =>
        call(
          api.GET("/api/v1/skills", {
            params: { query: { ...(withoutEmpty(filters) as { q?: string }), limit: 100, cursor: pageParam } },
            signal,
          }),
        ),
    }),
  one: (id: string) =>
    queryOptions({
      queryKey: keys.skills.one(id),
      queryFn: () => callTagged(api.GET("/api/v1/skills/{id}", { params: { path: { id } } })),
    }),
  check: (sop: string) =>
    queryOptions({
      queryKey: keys.skills.check(sop),
      staleTime: Infinity,
      gcTime: 30_000,
      placeholderData: keepPreviousData,
      queryFn: ({ signal }) => call(api.POST("/api/v1/skills/check", { body: { sop }, signal })),
    }),
};

export function useSaveSkill(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ input, etag }: Edit<NewSkill>) => {
      const body = input as components["schemas"]["SkillInput"];
      return id
        ? callTagged(api.PUT("/api/v1/skills/{id}", { params: { path: { id } }, body, headers: ifMatch(etag) }))
        : callTagged(api.POST("/api/v1/skills", { body }));
    },
    onSuccess: (skill) => {
      client.setQueryData(keys.skills.one(skill.id), skill);
      void client.invalidateQueries({ queryKey: keys.skills.all });
    },
  });
}

export function useDeleteSkill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.DELETE("/api/v1/skills/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.skills.all });
      void client.invalidateQueries({ queryKey: keys.bindings });
    },
  });
}

/** Which past alerts a pattern or a skill would match. */
export function useDryRun() {
  return useMutation({ mutationFn: (body: DryRunRequest) => call(api.POST("/api/v1/skills/dry-run", { body })) });
}

/** Which skill an alert like this one would get, and why, if it belonged to this node; null is the whole organization. */
export function useSkillMatch() {
  return useMutation({
    mutationFn: ({ owner, ...body }: MatchRequest & { owner: string | null }) =>
      call(api.POST("/api/v1/skills/match", { params: { query: { node_id: owner ?? undefined } }, body })),
  });
}

export const bindingsQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.bindings,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/bindings", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
});

export function useSaveBinding(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBinding) =>
      id
        ? call(api.PATCH("/api/v1/bindings/{id}", { params: { path: { id } }, body }))
        : call(api.POST("/api/v1/bindings", { body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.bindings });
      void client.invalidateQueries({ queryKey: keys.skills.all });
    },
  });
}

export function useDeleteBinding() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.DELETE("/api/v1/bindings/{id}", { params: { path: { id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.bindings });
      void client.invalidateQueries({ queryKey: keys.skills.all });
    },
  });
}
