import { expect, test } from "vitest";
import { differences } from "./diff";

test.each([
  ["nothing", { a: 1 }, { a: 1 }, []],
  ["a changed field", { a: 1, b: 2 }, { a: 1, b: 3 }, [{ path: "b", kind: "changed", before: 2, after: 3 }]],
  ["a creation", null, { a: 1 }, [{ path: "a", kind: "added", before: undefined, after: 1 }]],
  ["a deletion", { a: 1 }, null, [{ path: "a", kind: "removed", before: 1, after: undefined }]],
  ["a field deep inside", { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 9, d: 2 } } }, [{ path: "a.b.c", kind: "changed", before: 1, after: 9 }]],
  ["a list, as one value", { a: [1, 2] }, { a: [1] }, [{ path: "a", kind: "changed", before: [1, 2], after: [1] }]],
  ["a field set to null", { a: 1 }, { a: null }, [{ path: "a", kind: "changed", before: 1, after: null }]],
  ["plain values", "on", "off", [{ path: "value", kind: "changed", before: "on", after: "off" }]],
])("%s", (_, before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});
