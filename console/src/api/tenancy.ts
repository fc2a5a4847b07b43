import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useChange } from "./change";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged, withoutEmpty } from "./paging";
import type { NewNode, NewToken } from "./types";

export const tokensQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.tokens,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/tokens", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
});

/** The organization's tree, all of it. */
export const nodesQuery = queryOptions({
  queryKey: keys.nodes,
  queryFn: () => call(api.GET("/api/v1/nodes")),
});

export const organizationQuery = queryOptions({
  queryKey: keys.organization,
  queryFn: () => call(api.GET("/api/v1/organization")),
});

export const configurationsQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.configurations,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/configurations", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
});

export interface ConfigurationKey {
  config_type: string;
  config_key: string;
}

export const configurationVersionsQuery = ({ config_type: type, config_key: key }: ConfigurationKey) =>
  queryOptions({
    queryKey: keys.configurationVersions(type, key),
    queryFn: () => call(api.GET("/api/v1/configurations/{type}/{key}/versions", { params: { path: { type, key } } })),
  });

export interface AuditFilters {
  actor?: string;
  action?: string;
  subject_type?: string;
  subject_id?: string;
}

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    ...paged,
    queryKey: keys.audit(withoutEmpty(filters)),
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/audit", {
          params: { query: { ...withoutEmpty(filters), limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
  });

export function useCreateToken() {
  return useChange(keys.tokens, (body: NewToken) => call(api.POST("/api/v1/tokens", { body })));
}

export function useRevokeToken() {
  return useChange(keys.tokens, (id: string) => call(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })));
}

export function useCreateNode() {
  return useChange(keys.nodes, (body: NewNode) => call(api.POST("/api/v1/nodes", { body })));
}

export function useRenameOrganization() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call(api.PATCH("/api/v1/organization", { body: { name } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.organization });
      void client.invalidateQueries({ queryKey: keys.me });
    },
  });
}

export function useSetConfiguration() {
  return useChange(keys.configurations, ({ value, config_type: type, config_key: key }: ConfigurationKey & { value: string }) =>
    call(
      api.PUT("/api/v1/configurations/{type}/{key}", { params: { path: { type, key } }, body: { value } }),
    ),
  );
}

export function useDeleteConfiguration() {
  return useChange(keys.configurations, ({ config_type: type, config_key: key }: ConfigurationKey) =>
    call(
      api.DELETE("/api/v1/configurations/{type}/{key}", { params: { path: { type, key } } }),
    ),
  );
}

export function useRestoreConfiguration({ config_type: type, config_key: key }: ConfigurationKey) {
  return useChange(keys.configurations, (version: number) =>
    call(
      api.POST("/api/v1/configurations/{type}/{key}/restore", { params: { path: { type, key } }, body: { version } }),
    ),
  );
}

export function useForgetConfigurations({ config_type: type, config_key: key }: ConfigurationKey) {
  return useChange<void, unknown>(keys.configurations, () =>
    call(
      api.POST("/api/v1/configurations/{type}/{key}/forget-earlier", { params: { path: { type, key } } }),
    ),
  );
}
