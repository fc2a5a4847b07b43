import { queryOptions, useMutation } from "@tanstack/react-query";
import { api, call } from "./client";
import { keys } from "./keys";
import { useEntry } from "./session";

/* What somebody does who holds the link of an invitation. The secret of the link goes in bodies, never into an address or a key. */

/** What the invitation of a link offers; `round` tells one link from the next. */
export const offerQuery = (secret: string, round: number) =>
  queryOptions({
    queryKey: keys.offer(round),
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => call(api.POST("/api/v1/auth/invitation", { body: { token: secret } })),
  });

/** Makes an account with a password, joins, and is signed in. */
export function useAcceptAsNew(secret: string) {
  return useEntry((body: { name?: string; password: string }) =>
    call(api.POST("/api/v1/auth/invitation/accept", { body: { token: secret, ...body } })),
  );
}

export function useDeclineByLink(secret: string) {
  return useMutation({ mutationFn: () => call(api.POST("/api/v1/auth/invitation/decline", { body: { token: secret } })) });
}
