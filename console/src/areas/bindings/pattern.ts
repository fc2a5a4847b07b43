/*
 * A first look at patterns in the browser, so that typing gets an answer at once. The server decides: its regular
 * expressions (Rust's regex crate) know no look-around or back references, which JavaScript would accept.
 */

/** A pattern written as /…/ or /…/i; null for a keyword. */
function readRegex(pattern: string): { source: string; flags: string } | null {
  const match = /^\/(.*)\/(i?)$/s.exec(pattern.trim());
  return match ? { source: match[1] ?? "", flags: match[2] ?? "" } : null;
}

function compile(regex: { source: string; flags: string }): RegExp | null {
  try {
    return new RegExp(regex.source, `u${regex.flags}`);
  } catch {
    return null;
  }
}

/** What is wrong with a pattern; null when nothing is. */
export function patternError(pattern: string): string | null {
  if (!pattern.trim()) return "Enter a keyword or a /regular expression/";
  const regex = readRegex(pattern);
  if (!regex) return null;
  if (!regex.source) return "The expression between the slashes is empty";
  return compile(regex) ? null : "This is not a valid regular expression";
}

export interface Example {
  title: string;
  alert_type?: string;
  description?: string;
  labels: Record<string, string>;
}

/** Which parts of an example alert a pattern is found in. */
export function matchingParts(pattern: string, example: Example): string[] {
  if (patternError(pattern) !== null) return [];
  const regex = readRegex(pattern);
  const compiled = regex && compile(regex);
  const found = compiled
    ? (text: string) => compiled.test(text)
    : (text: string) => text.toLowerCase().includes(pattern.trim().toLowerCase());
  const parts: [string, string | undefined][] = [
    ["title", example.title],
    ["type", example.alert_type],
    ["description", example.description],
    ...Object.entries(example.labels).map(([name, value]): [string, string] => [`label ${name}`, value]),
  ];
  return parts.filter(([, text]) => text !== undefined && text !== "" && found(text)).map(([name]) => name);
}

/** Labels from lines of `name=value`; other lines are left out. */
export function readLabels(text: string): Record<string, string> {
  const pairs = text.split("\n").flatMap((line) => {
    const equals = line.indexOf("=");
    return equals > 0 ? [[line.slice(0, equals).trim(), line.slice(equals + 1).trim()]] : [];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}
