import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, call, rememberCsrfToken } from "./client";
import { keys } from "./keys";
import type { Me } from "./types";

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

/** Whether the caller's organization lets nobody in, as a refusal said; the rest of the cache stays what it was. */
export function useSuspended(): boolean {
  return useQuery({ queryKey: keys.suspended, queryFn: () => false, enabled: false, initialData: false, staleTime: Infinity }).data;
}

/** Asks again whether the organization lets its people in. */
export function useAskAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => client.fetchQuery({ ...meQuery, staleTime: 0 }),
    onSuccess: () => client.setQueryData(keys.suspended, false),
  });
}

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

export interface Credentials {
  email: string;
  password: string;
  organization?: string;
}

/** Puts somebody who was let in into the cache. */
export function useEntry<Input>(mutationFn: (input: Input) => Promise<Me>) {
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
