const MOST = 1_000;

export const LIMIT_RULE = `Enter a whole number from 1 to ${MOST.toLocaleString("en")}, or nothing for no limit`;

/** What was typed as a limit: a number, null for none, undefined where it is neither. */
export function parseLimit(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  const number = Number(typed);
  return /^\d+$/.test(typed) && number >= 1 && number <= MOST ? number : undefined;
}
