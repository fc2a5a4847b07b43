import { Alert, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { receiverQueries } from "@/api/receivers";
import { usePermission } from "@/api/rights";
import { useNow } from "@/hooks/useNow";
import { formatAbsolute, humanize } from "@/ui/format";

/** Warns when an issue could be opened that nobody hears of. */
export function NobodyTold() {
  const { data: gaps } = useQuery({ ...receiverQueries.coverage, enabled: usePermission("receivers:read") });
  const now = useNow();
  const first = gaps?.[0];
  if (!gaps || !first) return null;
  const severities = gaps.map((gap) => humanize(gap.severity).toLowerCase()).join(", ");
  return (
    <Alert color="yellow" icon={<IconBellOff size={16} />} title="Some issues are told to nobody">
      <Text size="sm">
        Those that name no receiver, of the severities {severities}: {new Date(first.at) <= now ? "now" : `from ${formatAbsolute(first.at)} on`}.{" "}
        <Link to="/receivers">Make a receiver the default</Link>, for all severities and hours.
      </Text>
    </Alert>
  );
}
