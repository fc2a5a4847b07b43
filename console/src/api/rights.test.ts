import { describe, expect, test } from "vitest";
import { may, type Rights, upwards, type Where } from "./rights";
import type { OrgNode } from "./types";

const node = (id: string, parent_id: string | null, kind: OrgNode["kind"] = "unit"): OrgNode => ({ id, parent_id, kind, slug: id, name: id });

/* root > ops > sre, root > dev */
const tree = [node("root", null, "org"), node("ops", "root"), node("sre", "ops", "team"), node("dev", "root", "team")];

const everywhere: Rights = { permissions: ["skills:write"], nodes: [] };
const inOps: Rights = { permissions: ["skills:read"], nodes: [{ id: "ops", name: "Ops", permissions: ["skills:write"] }] };
const nothing: Rights = { permissions: [], nodes: [] };

const at = (id: string | null): Where => ({ node: id });

describe("a permission that is held in the whole organization", () => {
  test.each<[Where]>([["everywhere"], ["anywhere"], [at(null)], [at("sre")], [at("gone")]])("counts for %j", (where) => {
    expect(may(everywhere, "skills:write", where, tree)).toBe(true);
  });
});

describe("a permission that is held at a node", () => {
  test.each<[Where, boolean]>([
    ["everywhere", false],
    ["anywhere", true],
    [at("ops"), true],
    [at("sre"), true],
    [at("dev"), false],
    [at("root"), false],
    [at(null), false],
    [at("gone"), false],
    [{ node: undefined }, false],
  ])("counts for %j: %s", (where, expected) => {
    expect(may(inOps, "skills:write", where, tree)).toBe(expected);
  });

  test("counts at the node itself before the tree is known", () => {
    expect(may(inOps, "skills:write", at("ops"), [])).toBe(true);
    expect(may(inOps, "skills:write", at("sre"), [])).toBe(false);
  });

  test("is no other permission", () => {
    expect(may(inOps, "tools:write", "anywhere", tree)).toBe(false);
  });
});

test("what is held nowhere counts nowhere", () => {
  for (const where of ["everywhere", "anywhere", at("ops")] as Where[]) expect(may(nothing, "skills:write", where, tree)).toBe(false);
});

test("a line upwards ends at the root, and where a tree bites its own tail", () => {
  expect(upwards("sre", tree)).toEqual(["sre", "ops", "root"]);
  expect(upwards("a", [node("a", "b"), node("b", "a")])).toEqual(["a", "b"]);
});
