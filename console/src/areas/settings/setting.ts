import { ApiError } from "@/api/client";
import type { Setting } from "@/api/types";

/** What the server's JSON Schema says of a number. */
interface NumberSchema {
  type: string[];
  minimum: number;
  maximum: number;
}

export type Value = number | null;

/** Whether it says how long something is kept. */
export const isRetention = (setting: Setting) => setting.key.endsWith("kept_days");

const schemaOf = (setting: Setting) => setting.schema as unknown as NumberSchema;

export const mayBeNone = (setting: Setting) => schemaOf(setting).type.includes("null");

export const bounds = (setting: Setting) => `${schemaOf(setting).minimum} to ${schemaOf(setting).maximum}`;

/** What no number means. */
export const none = (setting: Setting) => (isRetention(setting) ? "For ever" : "None");

export function said(setting: Setting, value: unknown): string {
  if (value === null) return none(setting);
  return `${String(value)} ${value === 1 ? setting.unit.replace(/s$/, "") : setting.unit}`;
}

/** Why a text is no number for it, or the number: what was typed is never read as something else. */
export function parse(setting: Setting, text: string): { number: number } | { refusal: string } {
  const { minimum, maximum } = schemaOf(setting);
  const number = Number(text.trim());
  if (/^\d+$/.test(text.trim()) && number >= minimum && number <= maximum) return { number };
  return { refusal: sentence(setting) };
}

const sentence = (setting: Setting) =>
  `Enter a whole number from ${bounds(setting)}${mayBeNone(setting) ? `, or choose “${none(setting)}”` : ""}`;

/** What the server says against a value, for its field. */
export function refusalIn(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const detail = error.problem.errors?.find((one) => one.pointer === "/value")?.detail;
  return detail && detail.charAt(0).toUpperCase() + detail.slice(1);
}

/** Whether something goes sooner after the change. */
export function shortens(setting: Setting, next: Value): boolean {
  if (!isRetention(setting) || next === null) return false;
  return setting.value === null || next < Number(setting.value);
}

interface Group {
  title: string;
  settings: Setting[];
}

/** By what it is about, which is a key's first word; what is about something new comes last. */
const GROUPS: [string, string[]][] = [
  ["Alerts and issues", ["issues", "alerts"]],
  ["Messages", ["messages"]],
  ["People and access", ["invitations", "tokens", "secrets"]],
  ["Record", ["events", "audit"]],
  ["Machine", ["usage", "jobs"]],
];

const word = (setting: Setting) => setting.key.split(".")[0] ?? "";

/** What is about a thing itself before what is about something of it. */
const ofItself = (settings: Setting[]) => settings.toSorted((a, b) => a.key.length - b.key.length);

export function grouped(settings: Setting[]): Group[] {
  const known = GROUPS.map(([title, words]) => ({
    title,
    settings: words.flatMap((one) => ofItself(settings.filter((setting) => word(setting) === one))),
  }));
  const words = new Set(GROUPS.flatMap(([, words]) => words));
  const others = { title: "Others", settings: settings.filter((setting) => !words.has(word(setting))) };
  return [...known, others].filter((group) => group.settings.length > 0);
}
