import { describe, expect, test } from "vitest";
import { matchingParts, patternError, readLabels } from "./pattern";

const example = { title: "KubePodCrashLooping in prod", description: "restarts", labels: { namespace: "payments", pod: "api-7d" } };

test.each([
  ["crashloop", ["title"]],
  ["PAYMENTS", ["label namespace"]],
  ["/^Kube.*prod$/", ["title"]],
  ["/^kube/", []],
  ["/^kube/i", ["title"]],
  ["/api-\\w+/", ["label pod"]],
  ["nothing", []],
  ["", []],
  ["/(/", []],
])("the pattern %s is found in %j", (pattern, expected) => {
  expect(matchingParts(pattern, example)).toEqual(expected);
});

describe("patterns that cannot work are named", () => {
  test.each([["", "Enter"], ["//", "empty"], ["/(/", "not a valid"]])("%j", (pattern, words) => {
    expect(patternError(pattern)).toContain(words);
  });
});

test("labels are read from lines", () => {
  expect(readLabels("a=1\nnoise\n b = x=y ")).toEqual({ a: "1", b: "x=y" });
});
