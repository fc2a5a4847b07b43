import { infiniteQueryOptions } from "@tanstack/react-query";
import { useChange } from "./change";
import { api, call } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";
import type { InvitationDelivery, MemberStatus, NewInvitation, Role } from "./types";

export const membersQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.members,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/members", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
});

export interface MemberChange {
  user_id: string;
  /** Null for somebody who is to act in some nodes only. */
  role?: Role | null;
  status?: MemberStatus;
}

export function useUpdateMember() {
  return useChange(keys.members, ({ user_id, ...body }: MemberChange) =>
    call(api.PATCH("/api/v1/members/{user_id}", { params: { path: { user_id } }, body })),
  );
}

export function useRemoveMember() {
  return useChange([keys.members, keys.invitations], (user_id: string) =>
    call(api.DELETE("/api/v1/members/{user_id}", { params: { path: { user_id } } })),
  );
}

export interface NodeRole {
  user_id: string;
  node_id: string;
  role: Role | null;
  permissions: string[];
}

export function useSetNodeRole() {
  return useChange(keys.members, ({ user_id, node_id, ...body }: NodeRole) =>
    call(api.PUT("/api/v1/members/{user_id}/nodes/{node_id}", { params: { path: { user_id, node_id } }, body })),
  );
}

export function useRemoveNodeRole() {
  return useChange(keys.members, (path: { user_id: string; node_id: string }) =>
    call(api.DELETE("/api/v1/members/{user_id}/nodes/{node_id}", { params: { path } })),
  );
}

export const invitationsQuery = infiniteQueryOptions({
  ...paged,
  queryKey: keys.invitations,
  queryFn: ({ pageParam, signal }) =>
    call(api.GET("/api/v1/invitations", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
});

export function useInvite() {
  return useChange(keys.invitations, (body: NewInvitation) => call(api.POST("/api/v1/invitations", { body })));
}

/** Makes a new link for an invitation; the old one ends. */
export function useResendInvitation() {
  return useChange(keys.invitations, ({ id, delivery }: { id: string; delivery: InvitationDelivery }) =>
    call(api.POST("/api/v1/invitations/{id}/resend", { params: { path: { id } }, body: { delivery } })),
  );
}

export function useRevokeInvitation() {
  return useChange(keys.invitations, (id: string) => call(api.DELETE("/api/v1/invitations/{id}", { params: { path: { id } } })));
}
