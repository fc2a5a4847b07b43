import { Alert, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { receiverQueries } from "@/api/receivers";
import { usePermission } from "@/api/rights";
import type { ReceiverGap } from "@/api/types";
import { useIsDivided } from "@/components/owner";
import { useNow } from "@/hooks/useNow";
import { formatAbsolute } from "@/ui/format";

/* Critical, high, medium and low. */
const EVERY = 4;
/* The server looks ahead in steps of a quarter of an hour. */
const QUARTER = 15 * 60 * 1000;

interface Props {
  /** The receivers are on the same page. */
  here?: true;
}

/** Warns when an issue could be opened that nobody hears of. */
export function NobodyTold({ here }: Props) {
  const { data: gaps } = useQuery({ ...receiverQueries.coverage, enabled: usePermission("receivers:read") });
  const now = useNow();
  const divided = useIsDivided();
  if (!gaps?.length) return null;
  const momentOf = ({ at }: ReceiverGap) => (new Date(at).getTime() < now.getTime() + QUARTER ? "now" : `from ${formatAbsolute(at)}`);
  const some = [...new Set(gaps.map(momentOf))].map((moment) => {
    const those = gaps.filter((gap) => momentOf(gap) === moment).map((gap) => gap.severity);
    return `of ${those.length === EVERY ? "any" : those.join(", ").replace(/, (?=\w+$)/, " or ")} severity ${moment}`;
  });
  const receiver = `a receiver${divided ? " of the whole organization" : ""}`;
  return (
    <Alert color="yellow" icon={<IconBellOff size={16} />} title="Nobody would be told of some issues">
      <Text size="sm">Those that name no receiver, {some.join(", and ")}.</Text>
      <Text size="sm" mt={4}>
        Make {here ? receiver : <Link to="/receivers">{receiver}</Link>} a default that is told of all issues at all hours.
      </Text>
    </Alert>
  );
}
