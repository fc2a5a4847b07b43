/** A failed attempt, as far as its source kept it. */
export interface Attempt {
  number: number;
  at: string | undefined;
  error: string;
}

/** The attempts of a dead letter, the last first. A source keeps texts, or objects with a time and what was said. */
export function attemptsOf(errors: unknown): Attempt[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((entry: unknown, index) => ({ number: index + 1, at: undefined, error: JSON.stringify(entry), ...read(entry) })).toReversed();
}

function read(entry: unknown): Partial<Attempt> {
  if (typeof entry === "string") return { error: entry };
  if (typeof entry !== "object" || entry === null) return {};
  const { at, attempt, error } = entry as Record<string, unknown>;
  return {
    ...(typeof at === "string" && { at }),
    ...(typeof attempt === "number" && { number: attempt }),
    ...(typeof error === "string" && { error }),
  };
}
