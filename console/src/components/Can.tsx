import { Tooltip } from "@mantine/core";
import { cloneElement, type ReactElement } from "react";
import { usePermission } from "@/api/session";

interface Props {
  permission: string;
  children: ReactElement<{ disabled?: boolean }>;
}

/** A control that is disabled, and says why, for those whose role does not allow it. */
export function Can({ permission, children }: Props) {
  if (usePermission(permission)) return children;
  return (
    <Tooltip label={`Your role lacks the permission ${permission}`}>
      <span>{cloneElement(children, { disabled: true })}</span>
    </Tooltip>
  );
}
