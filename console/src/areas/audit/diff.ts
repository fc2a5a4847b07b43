export interface Difference {
  path: string;
  kind: "added" | "removed" | "changed";
  before: unknown;
  after: unknown;
}

type Leaves = Map<string, unknown>;

/** What differs between two values, field by field, in the order of their paths. */
export function differences(before: unknown, after: unknown): Difference[] {
  const old = leavesOf(before);
  const young = leavesOf(after);
  const paths = [...new Set([...old.keys(), ...young.keys()])].toSorted();
  return paths.flatMap((path): Difference[] => {
    const [was, is] = [old.get(path), young.get(path)];
    if (!old.has(path)) return [{ path, kind: "added", before: undefined, after: is }];
    if (!young.has(path)) return [{ path, kind: "removed", before: was, after: undefined }];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ path, kind: "changed", before: was, after: is }];
  });
}

/** The values at the ends of an object's branches. Lists and empty objects count as one value. */
function leavesOf(value: unknown, path = "", leaves: Leaves = new Map()): Leaves {
  if (value === null || value === undefined) {
    if (path) leaves.set(path, null);
    return leaves;
  }
  const isBranch = typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;
  if (!isBranch) {
    leaves.set(path || "value", value);
    return leaves;
  }
  for (const [name, child] of Object.entries(value)) leavesOf(child, path ? `${path}.${name}` : name, leaves);
  return leaves;
}
