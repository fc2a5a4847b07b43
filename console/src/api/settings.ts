import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { useChange } from "./change";
import { ApiError, api, call, type Edit, ifMatch, type Tagged } from "./client";
import { keys } from "./keys";

/** Every setting of the organization, with what it may be and what it is. */
export const settingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: () => call(api.GET("/api/v1/settings")),
});

/** What a setting gets: a value, or its default again. */
export type NewValue = { value: number | null } | "default";

/** Changes a setting as long as it is what was seen; what somebody else set meanwhile is read at once. */
export function useChangeSetting(key: string) {
  const client = useQueryClient();
  return useChange(keys.settings, async ({ input, etag }: Edit<NewValue>): Promise<Tagged<object>> => {
    const params = { path: { key } };
    const headers = ifMatch(etag);
    try {
      if (input !== "default") return await call(api.PUT("/api/v1/settings/{key}", { params, headers, body: input }));
      await call(api.DELETE("/api/v1/settings/{key}", { params, headers }));
      return { etag: null };
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) await client.invalidateQueries({ queryKey: keys.settings });
      throw error;
    }
  });
}

/** What would go if a setting had this value. */
export const previewSetting = (key: string, value: number) =>
  call(api.GET("/api/v1/settings/{key}/preview", { params: { path: { key }, query: { value } } }));
