import { useNow } from "@/hooks/useNow";
import { Time } from "@/ui/Time";
import { formatAbsolute } from "@/ui/format";

/** A time that may be ahead: less than a minute from now is not "just now". */
export function Until({ at }: { at: string | null | undefined }) {
  const now = useNow();
  const ahead = at ? new Date(at).getTime() - now.getTime() : 0;
  if (!at || ahead <= 0 || ahead >= 60_000) return <Time at={at} />;
  return <time dateTime={at} title={formatAbsolute(at)} className="nowrap">within a minute</time>;
}
