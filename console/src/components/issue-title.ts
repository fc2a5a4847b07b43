import { formatDay } from "@/ui/format";

interface Titled {
  title: string;
  created_at: string;
  erased_at?: string | null;
}

/** What an issue is called: all erased ones have the same title, so their day tells them apart. */
export function issueTitle({ title, created_at, erased_at }: Titled): string {
  return erased_at ? `${title} · opened ${formatDay(created_at)}` : title;
}
