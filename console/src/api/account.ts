import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useChange } from "./change";
import { api, call } from "./client";
import { keys } from "./keys";

/* What somebody does with their own account. */

export function useRename() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string | null) => call(api.PATCH("/api/v1/me", { body: { name } })),
    onSuccess: (me) => {
      client.setQueryData(keys.me, me);
      void client.invalidateQueries({ queryKey: keys.members });
    },
  });
}

export function useChangePassword() {
  return useChange(keys.sessions, (body: { current_password: string; password: string }) => call(api.PUT("/api/v1/me/password", { body })));
}

/** Has a link sent that proves the own address. */
export function useProveAddress() {
  return useMutation({ mutationFn: () => call(api.POST("/api/v1/me/address-proof")) });
}

/** The own sessions, in every organization. */
export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  queryFn: () => call(api.GET("/api/v1/me/sessions")),
});

export function useEndSession() {
  return useChange(keys.sessions, (id: string) => call(api.DELETE("/api/v1/me/sessions/{id}", { params: { path: { id } } })));
}

export function useEndOtherSessions() {
  return useChange(keys.sessions, () => call(api.DELETE("/api/v1/me/sessions")));
}

/** What other organizations invite the own address to, once it is proved. */
export const myInvitationsQuery = queryOptions({
  queryKey: keys.myInvitations,
  queryFn: () => call(api.GET("/api/v1/me/invitations")),
});

/** Joins; the answer names the organization to enter. */
export function useAcceptMyInvitation() {
  return useChange([keys.myInvitations, keys.me], (id: string) =>
    call(api.POST("/api/v1/me/invitations/{id}/accept", { params: { path: { id } } })),
  );
}

export function useDeclineMyInvitation() {
  return useChange(keys.myInvitations, (id: string) =>
    call(api.POST("/api/v1/me/invitations/{id}/decline", { params: { path: { id } } })),
  );
}

/** Has a link for a new password sent, if the address has an account. The answer does not tell. */
export function useForgottenPassword() {
  return useMutation({
    mutationFn: (body: { email: string; organization?: string }) => call(api.POST("/api/v1/auth/password-reset", { body })),
  });
}

/** Sets the password of the account that a link belongs to. */
export function useSetPassword() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) => call(api.POST("/api/v1/auth/password", { body })),
  });
}
