import { ApiError } from "@/api/client";
import type { Channel } from "@/api/types";
import { credentialsOf } from "./draft";

/** What the server says against fields of a receiver, by the path of each in the form. */
export function refusedFields(error: unknown, channel: Channel | undefined): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  if (error.code === "receiver_im_taken") return { receiver_im: "Another receiver has this short name: choose another" };
  const secrets = new Set(credentialsOf(channel).map((field) => field.name));
  const path = (pointer: string) => {
    const field = pointer.slice(1).replaceAll("/", ".");
    return secrets.has(field) ? `secrets.${field}` : field;
  };
  return Object.fromEntries((error.problem.errors ?? []).map(({ pointer, detail }) => [path(pointer), sentence(detail)]));
}

/** What a server says, as a sentence of a form. */
export const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
