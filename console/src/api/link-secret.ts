/*
 * Links that Steward sends or shows end in #secret: browsers send that part to no server and put it into no Referer. Here
 * it leaves the address at once, so that it stays in no history and no bookmark, and is kept in memory alone.
 */
import { useSyncExternalStore } from "react";

/** The pages that a link with a secret leads to. */
export type LinkPage = "/invitation" | "/password";

const PAGES: LinkPage[] = ["/invitation", "/password"];

let held: { page: LinkPage; secret: string; round: number } | null = null;
let rounds = 0;
const listeners = new Set<() => void>();

function hold(next: typeof held): void {
  held = next;
  for (const tell of listeners) tell();
}

/** Takes the secret of a link out of the address, if there is one. To be called before the router reads the address. */
export function receiveLinkSecret({ location, history }: Pick<Window, "location" | "history">): void {
  const page = PAGES.find((one) => one === location.pathname.replace(/\/$/, ""));
  const secret = location.hash.slice(1);
  if (!page || !secret) return;
  rounds += 1;
  hold({ page, secret, round: rounds });
  history.replaceState(history.state, "", page);
}

/** Also takes a link that is opened where its page is open already: then only the part behind the # changes. */
export function watchLinkSecrets(window: Window): void {
  receiveLinkSecret(window);
  window.addEventListener("hashchange", () => receiveLinkSecret(window));
}

/** Lets the secret go, once it was used. */
export function dropLinkSecret(): void {
  hold(null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The secret that the link to this page brought, and a number that tells one link from the next. */
export function useLinkSecret(page: LinkPage): { secret: string; round: number } | null {
  const now = useSyncExternalStore(subscribe, () => held);
  return now?.page === page ? now : null;
}
