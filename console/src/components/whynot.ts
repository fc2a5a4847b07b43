import { heldAt, may, usualPlace, useTree, type Where } from "@/api/rights";
import { useMe } from "@/api/session";
import type { Me, OrgNode } from "@/api/types";

function ownerName(node: string | null | undefined, tree: OrgNode[]): string {
  const owner = tree.find(({ id }) => id === node);
  if (!node || owner?.kind === "org") return "the whole organization";
  return owner?.name ?? "another unit or team";
}

/** Why the caller may not do what the permission names; null when they may. */
export function whyNot(me: Pick<Me, "permissions" | "nodes">, permission: string, where: Where, tree: OrgNode[]): string | null {
  if (may(me, permission, where, tree)) return null;
  const names = heldAt(me, permission).map(({ name }) => name);
  if (names.length === 0) return `Your role lacks the permission ${permission}`;
  const held = `You hold ${permission} in ${names.join(", ")} only`;
  if (typeof where === "string") return `${held}; this is for the whole organization`;
  return `${held}; this belongs to ${ownerName(where.node, tree)}`;
}

export function useWhyNot(permission: string, where: Where = usualPlace(permission)): string | null {
  const me = useMe();
  return whyNot(me, permission, where, useTree());
}
