import { Tooltip } from "@mantine/core";
import { useNow } from "@/hooks/useNow";
import { formatAbsolute, formatRelative } from "./format";

/** A time as its distance from now; the exact one shows on hover and is there for assistive technology. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="dim">never</span>;
  return (
    <Tooltip label={formatAbsolute(at)}>
      <time dateTime={at} className="nowrap">
        {formatRelative(at, now)}
      </time>
    </Tooltip>
  );
}
