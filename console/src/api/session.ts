import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, call, rememberCsrfToken } from "./client";
import { keys } from "./keys";
import { type HandedOver, supabaseToken } from "./supabase";
import type { Me, SupabaseMethod } from "./types";

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await call(api.GET("/api/v1/me"));
      rememberCsrfToken(me.csrf_token);
      return me;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

export const authMethodsQuery = queryOptions({
  queryKey: keys.authMethods,
  staleTime: Infinity,
  queryFn: () => call(api.GET("/api/v1/auth/methods")),
});

/** The signed-in caller. Pages are only shown to one, so there always is one. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("A page was shown without a session");
  return data;
}

/** Whether the caller may do what the permission names, for example `alerts:write`. */
export function usePermission(permission: string): boolean {
  return useMe().permissions.includes(permission);
}

export interface Credentials {
  email: string;
  password: string;
  organization?: string;
}

function useEntry<Input>(mutationFn: (input: Input) => Promise<Me>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: (me) => {
      rememberCsrfToken(me.csrf_token);
      client.setQueryData(keys.me, me);
    },
  });
}

export function useSignIn() {
  return useEntry((body: Credentials) => call(api.POST("/api/v1/auth/sign-in", { body })));
}

/** Signs in at Supabase first, and with its session here. */
export function useSupabaseSignIn() {
  return useEntry(async ({ method, email, password, organization }: Credentials & { method: SupabaseMethod }) => {
    const access_token = await supabaseToken(method, email, password);
    return call(api.POST("/api/v1/auth/supabase", { body: { access_token, organization } }));
  });
}

/** Signs in with what Supabase's own pages handed over. */
export function useHandedOver() {
  return useEntry(async (handed: HandedOver) => {
    if ("refusal" in handed) throw new Error(handed.refusal);
    return call(api.POST("/api/v1/auth/supabase", { body: { access_token: handed.token } }));
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/sign-out")),
    onSettled: () => {
      client.clear();
      client.setQueryData(keys.me, null);
    },
  });
}

export function useSwitchOrganization() {
  return useMutation({
    mutationFn: (organization: string) => call(api.POST("/api/v1/me/organization", { body: { organization } })),
    // Nothing of one organization may stay on screen in another: start anew.
    onSuccess: () => globalThis.location.assign("/"),
  });
}
