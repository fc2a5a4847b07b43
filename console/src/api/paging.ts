import type { InfiniteData } from "@tanstack/react-query";
import type { Page } from "./types";

/** What every list query shares: it starts without a cursor and goes on while the server gives one. */
export const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
};

/** The rows of all pages read so far. A row that moved between pages while reading appears once. */
export function rowsOf<T>(data: InfiniteData<Page<T>> | undefined, identify: (row: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const page of data?.pages ?? []) {
    for (const row of page.items) seen.set(identify(row), row);
  }
  return [...seen.values()];
}

/** Drops empty filters, so that equal filters make equal keys and clean addresses. */
export function withoutEmpty<T extends object>(filters: T): Partial<T> {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined && value !== "" && value !== null);
  return Object.fromEntries(entries) as Partial<T>;
}
