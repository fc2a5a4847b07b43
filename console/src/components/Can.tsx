import { Tooltip } from "@mantine/core";
import { cloneElement, type ReactElement } from "react";
import type { Where } from "@/api/rights";
import { useWhyNot } from "./whynot";

interface Props {
  permission: string;
  where?: Where;
  children: ReactElement<{ disabled?: boolean }>;
}

/** A control that is disabled, and says why, for those whose role does not allow it there. */
export function Can({ permission, where, children }: Props) {
  const reason = useWhyNot(permission, where);
  if (reason === null) return children;
  return (
    <Tooltip label={reason} multiline maw={320}>
      <span>{cloneElement(children, { disabled: true })}</span>
    </Tooltip>
  );
}
