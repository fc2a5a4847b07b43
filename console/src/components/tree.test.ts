import { expect, test } from "vitest";
import type { OrgNode } from "@/api/types";
import { flatten, treeOf } from "./tree";

const node = (id: string, parent_id: string | null, kind: OrgNode["kind"]): OrgNode => ({ id, parent_id, kind, slug: id, name: id.toUpperCase() });
const nodes = [node("root", null, "org"), node("ops", "root", "unit"), node("sre", "ops", "team"), node("dev", "root", "team"), node("lost", "gone", "team")];

test("a tree has each node below its parent, and siblings by name", () => {
  const [lost, root] = treeOf(nodes);
  expect(lost?.id).toBe("lost");
  expect(root?.children.map(({ id }) => id)).toEqual(["dev", "ops"]);
  expect(root?.children[1]?.children.map(({ id }) => id)).toEqual(["sre"]);
});

test("flattened, a node follows its parent and knows the names above it", () => {
  expect(flatten(treeOf(nodes)).map(({ path }) => path.join(" / "))).toEqual(["LOST", "", "DEV", "OPS", "OPS / SRE"]);
});
