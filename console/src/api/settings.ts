import { queryOptions } from "@tanstack/react-query";
import { useChange } from "./change";
import { api, call } from "./client";
import { keys } from "./keys";

/** Every setting of the organization, with what it may be and what it is. */
export const settingsQuery = queryOptions({
  queryKey: keys.settings,
  queryFn: () => call(api.GET("/api/v1/settings")),
});

export function useSetSetting() {
  return useChange(keys.settings, ({ key, value }: { key: string; value: number | null }) =>
    call(api.PUT("/api/v1/settings/{key}", { params: { path: { key } }, body: { value } })),
  );
}

export function useResetSetting() {
  return useChange(keys.settings, (key: string) => call(api.DELETE("/api/v1/settings/{key}", { params: { path: { key } } })));
}
