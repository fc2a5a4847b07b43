/*
 * Page state lives in the address as plain `name=value` pairs, so that a link can be read, edited and shared.
 */

export type Search<Name extends string> = { [K in Name]?: string };

export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter((pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "");
  // Commas separate values of a filter and need no escape in a query (RFC 3986, 3.4).
  const query = new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  return query ? `?${query}` : "";
}

/** Keeps the named parameters that are non-empty text and drops all others. */
export function pick<const Name extends string>(...names: Name[]) {
  return (raw: Record<string, unknown>): Search<Name> => {
    const search: Search<Name> = {};
    for (const name of names) {
      const value = raw[name];
      if (typeof value === "string" && value !== "") search[name] = value;
    }
    return search;
  };
}

/** A path of this site to return to after sign-in; anything else would let a link send people elsewhere. */
export function safeReturnPath(path: string | undefined): string {
  return path && /^\/(?![/\\])/.test(path) ? path : "/";
}
