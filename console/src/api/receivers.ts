import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call, callTagged, type Edit, ifMatch } from "./client";
import { keys } from "./keys";
import { paged } from "./paging";
import type { components } from "./schema";
import type { NewReceiver, ReceiverCredential } from "./types";

export const receiverQueries = {
  list: infiniteQueryOptions({
    ...paged,
    queryKey: keys.receivers.list,
    queryFn: ({ pageParam, signal }) =>
      call(api.GET("/api/v1/receivers", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  }),
  /** What a server offers changes with its version only. */
  channels: queryOptions({
    queryKey: keys.channels,
    staleTime: Infinity,
    queryFn: () => call(api.GET("/api/v1/receivers/channels")),
    select: (page) => page.items,
  }),
  /** Whether somebody would be told of an issue that names no receiver. */
  coverage: queryOptions({
    queryKey: keys.receivers.coverage,
    queryFn: () => call(api.GET("/api/v1/receivers/coverage")),
    select: (coverage) => coverage.gaps,
  }),
  one: (id: string) =>
    queryOptions({
      queryKey: keys.receivers.one(id),
      queryFn: () => callTagged(api.GET("/api/v1/receivers/{id}", { params: { path: { id } } })),
    }),
  credentials: (id: string) =>
    queryOptions({
      queryKey: keys.receivers.credentials(id),
      queryFn: () => call(api.GET("/api/v1/receivers/{id}/credentials", { params: { path: { id } } })),
      select: (page) => page.items as ReceiverCredential[],
    }),
  deliveries: (id: string) =>
    infiniteQueryOptions({
      ...paged,
      queryKey: keys.receivers.deliveries(id),
      queryFn: ({ pageParam, signal }) =>
        call(
          api.GET("/api/v1/receivers/{id}/deliveries", {
            params: { path: { id }, query: { limit: 50, cursor: pageParam } },
            signal,
          }),
        ),
    }),
};

function useReceiverChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.receivers.all });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

export function useSaveReceiver(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ input, etag }: Edit<NewReceiver>) => {
      const body = input as components["schemas"]["ReceiverInput"];
      return id
        ? callTagged(api.PUT("/api/v1/receivers/{id}", { params: { path: { id } }, body, headers: ifMatch(etag) }))
        : callTagged(api.POST("/api/v1/receivers", { body }));
    },
    onSuccess: (receiver) => {
      client.setQueryData(keys.receivers.one(receiver.id), receiver);
      void client.invalidateQueries({ queryKey: keys.receivers.all });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
  });
}

export function useDeleteReceiver() {
  return useReceiverChange((id: string) => call(api.DELETE("/api/v1/receivers/{id}", { params: { path: { id } } })));
}

export function useTestReceiver() {
  return useReceiverChange((id: string) => call(api.POST("/api/v1/receivers/{id}/test", { params: { path: { id } } })));
}

export function useConfirmReceiver(id: string) {
  return useReceiverChange((code: string) =>
    call(api.POST("/api/v1/receivers/{id}/confirm", { params: { path: { id } }, body: { code } })),
  );
}

export function useAskReceiverAgain(id: string) {
  return useReceiverChange(() => call(api.POST("/api/v1/receivers/{id}/ask", { params: { path: { id } } })));
}

export function useRetryDelivery() {
  return useReceiverChange((id: string) => call(api.POST("/api/v1/deliveries/{id}/retry", { params: { path: { id } } })));
}

/** What the page shows was listed by the server, which knows the word. */
const pathOf = (id: string, credential: string) => ({ id, credential: credential as components["schemas"]["Credential"] });

export function useRestoreCredential(id: string, credential: string) {
  return useReceiverChange((version: number) =>
    call(
      api.POST("/api/v1/receivers/{id}/credentials/{credential}/restore", { params: { path: pathOf(id, credential) }, body: { version } }),
    ),
  );
}

export function useForgetCredentials(id: string, credential: string) {
  return useReceiverChange<void, unknown>(() =>
    call(api.POST("/api/v1/receivers/{id}/credentials/{credential}/forget-earlier", { params: { path: pathOf(id, credential) } })),
  );
}
