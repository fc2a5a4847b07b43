import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

/** A change after which what stands under these keys is read again. */
export function useChange<Input, Output>(stale: QueryKey | QueryKey[], mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  const list = (Array.isArray(stale[0]) ? stale : [stale]) as QueryKey[];
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all(list.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
