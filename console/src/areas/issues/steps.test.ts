import { describe, expect, test } from "vitest";
import { readConclusion, readMatching, readToolCall } from "./steps";

describe("what steps carry", () => {
  test("a match with its candidates", () => {
    const candidate = { skill_id: "s", name: "Disk", score: 0.7, reason: "words", how: "semantic" };
    const match = readMatching({ matched: { skill_id: "s", name: "Disk", how: "semantic" }, threshold: 0.6, candidates: [candidate] });
    expect(match).toEqual({ matched: { skill_id: "s", name: "Disk", how: "semantic" }, threshold: 0.6, candidates: [candidate] });
  });

  test("no match is an answer", () => {
    expect(readMatching({ matched: null, threshold: 0.6, candidates: [] }).matched).toBeNull();
  });

  test("a failed call has its error and no condition", () => {
    const call = readToolCall({ tool: "logs", arguments: { pod: "p" }, result: null, error: "timed out", truncated: false });
    expect(call).toMatchObject({ tool: "logs", error: "timed out", condition: undefined });
  });

  test("a conclusion with claims on steps", () => {
    const conclusion = readConclusion({ verdict: "real", summary: "It broke", cause: null, confidence: 0.9, claims: [{ text: "c", steps: [2, "3"] }], actions: ["fix"] });
    expect(conclusion).toEqual({ verdict: "real", summary: "It broke", cause: undefined, confidence: 0.9, claims: [{ text: "c", steps: [2], verified: true }], actions: ["fix"], remarks: [] });
  });

  test.each([null, undefined, "text", 7, [], {}, { verdict: 3 }])("%j is no conclusion, and breaks nothing", (metadata) => {
    expect(readConclusion(metadata)).toBeNull();
    expect(readMatching(metadata).candidates).toEqual([]);
    expect(readToolCall(metadata).tool).toBe("tool");
  });
});
