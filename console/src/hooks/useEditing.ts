import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, type Edit, type Tagged } from "@/api/client";
import { notifyFailure } from "@/ui/notify";

type Save<Input, Saved> = ReturnType<typeof useMutation<Tagged<Saved>, Error, Edit<Input>>>;

interface Outcome<Input, Saved> {
  onSaved: (saved: Tagged<Saved>, input: Input) => void;
  onFailed: (error: Error) => void;
}

/**
 * Saves edits of something that others may edit too. A save goes through only while the thing is as it was when the
 * edit began; `conflict` is true once it is not, by the server's word or because the cache holds a newer state.
 */
export function useGuardedSave<Input, Saved>(save: Save<Input, Saved>, loaded: string | null, { onSaved, onFailed }: Outcome<Input, Saved>) {
  const [base, setBase] = useState(loaded);
  const send = (input: Input, etag: string | null) =>
    save.mutate(
      { input, etag },
      {
        onSuccess: (saved) => {
          setBase(saved.etag);
          onSaved(saved, input);
        },
        onError: (error) => {
          if (!isConflict(error)) onFailed(error);
        },
      },
    );
  const moved = base !== null && loaded !== null && base !== loaded && !save.isPending;
  return {
    conflict: moved || isConflict(save.error),
    save: (input: Input) => send(input, base),
    overwrite: (input: Input) => send(input, null),
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}

/** How a form takes what others saved: with its own text to be kept for copying, or nothing where nothing was typed. */
export type TakeTheirs = (mine: string | null) => void;

/**
 * Takes what others saved in place of the own text, and keeps that text for copying. `round` is a new key for the
 * form each time; a read that fails leaves everything as it was.
 */
export function useTheirs(queryKey: QueryKey) {
  const client = useQueryClient();
  const [state, setState] = useState<{ round: number; kept: string | null }>({ round: 0, kept: null });
  const read = useMutation({
    mutationFn: (_mine: string | null) => client.refetchQueries({ queryKey }, { throwOnError: true }),
    onSuccess: (_, mine) => setState(({ round, kept }) => ({ round: round + 1, kept: mine ?? kept })),
    onError: (error) => notifyFailure("What they saved could not be read", error),
  });
  return { ...state, take: read.mutate, drop: () => setState(({ round }) => ({ round, kept: null })) };
}

/** A form in which nothing was typed simply follows what others save. */
export function useFollow(conflict: boolean, dirty: boolean, take: TakeTheirs | undefined): void {
  const behind = conflict && !dirty;
  useEffect(() => {
    if (behind) take?.(null);
  }, [behind, take]);
}
