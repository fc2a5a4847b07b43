/*
 * What the caller may do, and where: in the whole organization, or at nodes of its tree and below them. The server decides;
 * this only says in advance what it will.
 */
import { useQuery } from "@tanstack/react-query";
import { useMe } from "./session";
import { nodesQuery } from "./tenancy";
import type { Me, OrgNode } from "./types";

export type Rights = Pick<Me, "permissions" | "nodes">;

/**
 * For what a permission is asked: for the whole organization, for something anywhere (a list, something new), or for what a
 * node owns (null is the whole organization).
 */
export type Where = "everywhere" | "anywhere" | { node: string | null | undefined };

const NOWHERE: OrgNode[] = [];

/** What can be held at a node: what its rows may belong to. Anything else is the whole organization's. */
const AT_NODES = /^(alerts|issues|skills|tools|receivers|ingest):|^(audit|members):read$/;

/** For what a permission is asked when nothing more is said. */
export function usualPlace(permission: string): Where {
  return AT_NODES.test(permission) ? "anywhere" : "everywhere";
}

/** A node and all above it, as far as the tree is known. */
export function upwards(node: string, tree: OrgNode[]): string[] {
  const parents = new Map(tree.map(({ id, parent_id }) => [id, parent_id]));
  const line = [node];
  for (let above = parents.get(node); above && !line.includes(above); above = parents.get(above)) line.push(above);
  return line;
}

/** The nodes at which a permission is held beside the whole organization. */
export function heldAt({ nodes }: Rights, permission: string): Me["nodes"] {
  return nodes.filter((held) => held.permissions.includes(permission));
}

export function may(rights: Rights, permission: string, where: Where = usualPlace(permission), tree: OrgNode[] = NOWHERE): boolean {
  if (rights.permissions.includes(permission)) return true;
  if (where === "everywhere") return false;
  const held = heldAt(rights, permission);
  if (where === "anywhere") return held.length > 0;
  if (!where.node) return false;
  const line = upwards(where.node, tree);
  return held.some(({ id }) => line.includes(id));
}

/** The organization's tree as flat rows; for those who may not read it, the nodes in which they act themselves. */
export function useTree(): OrgNode[] {
  const me = useMe();
  const mayRead = may(me, "members:read");
  const { data } = useQuery({ ...nodesQuery, enabled: mayRead });
  if (mayRead) return data?.items ?? NOWHERE;
  return me.nodes.map(({ id, name }): OrgNode => ({ id, name, slug: "", kind: "team", parent_id: null }));
}

/** Whether the caller may do what the permission names, for example `alerts:write`. */
export function usePermission(permission: string, where: Where = usualPlace(permission)): boolean {
  const me = useMe();
  const tree = useTree();
  return may(me, permission, where, tree);
}
