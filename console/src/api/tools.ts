import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, callTagged, type Edit, ifMatch } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";
import type { components } from "./schema";
import type { NewTool } from "./types";

export const toolQueries = {
  list: infiniteQueryOptions({
    ...paged,
    queryKey: keys.tools.list,
    queryFn: ({ pageParam, signal }) =>
      call(api.GET("/api/v1/tools", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: keys.tools.one(id),
      queryFn: () => callTagged(api.GET("/api/v1/tools/{id}", { params: { path: { id } } })),
    }),
};

export function useSaveTool(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ input, etag }: Edit<NewTool>) => {
      const body = input as components["schemas"]["ToolInput"];
      return id
        ? callTagged(api.PUT("/api/v1/tools/{id}", { params: { path: { id } }, body, headers: ifMatch(etag) }))
        : callTagged(api.POST("/api/v1/tools", { body }));
    },
    onSuccess: (tool) => {
      client.setQueryData(keys.tools.one(tool.id), tool);
      void client.invalidateQueries({ queryKey: keys.tools.all });
    },
  });
}

export function useDeleteTool() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(api.DELETE("/api/v1/tools/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tools.all }),
  });
}

export function useRunTool(id: string) {
  return useMutation({
    mutationFn: (args: Record<string, unknown>) =>
      call(api.POST("/api/v1/tools/{id}/run", { params: { path: { id } }, body: { arguments: args as Record<string, never> } })),
  });
}

/** What an MCP server offers. */
export function useDiscoverMcp() {
  return useMutation({
    mutationFn: (config: Record<string, unknown>) => call(api.POST("/api/v1/tools/mcp/list", { body: { config } })),
  });
}
