import type { OrgNode } from "@/api/types";

export interface TreeNode extends OrgNode {
  children: TreeNode[];
  /** The names above it and its own, without the organization's. */
  path: string[];
}

/**
 * The tree of an organization from its rows, siblings in the order of their names. A node whose parent is not among
 * the rows stands at the top, so that nothing is lost.
 */
export function treeOf(nodes: OrgNode[]): TreeNode[] {
  const known = new Set(nodes.map((node) => node.id));
  const below = (parent: string | null, path: string[]): TreeNode[] =>
    nodes
      .filter((node) => (node.parent_id && known.has(node.parent_id) ? node.parent_id : null) === parent)
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((node) => {
        const own = node.kind === "org" ? [] : [...path, node.name];
        return { ...node, path: own, children: below(node.id, own) };
      });
  return below(null, []);
}

/** All nodes of a tree, from the top down. */
export function flatten(tree: TreeNode[]): TreeNode[] {
  return tree.flatMap((node) => [node, ...flatten(node.children)]);
}
