/*
 * What the steps of a run carry in `metadata`. It comes from tools, models and stored rows of other versions, so
 * every field is read with care and nothing is taken for granted.
 */

export interface Candidate {
  skill_id: string;
  name: string;
  score: number;
  reason: string;
  how: string;
}

export interface Matching {
  matched: { skill_id: string; name: string; how: string } | null;
  threshold: number | undefined;
  candidates: Candidate[];
}

export interface ToolCall {
  tool: string;
  label: string | undefined;
  arguments: unknown;
  result: unknown;
  error: string | undefined;
  truncated: boolean;
  condition: { expression: string; met: boolean; reason: string | undefined } | undefined;
}

export interface Claim {
  text: string;
  steps: number[];
  /** Whether the server found that the steps hold evidence. */
  verified: boolean;
}

export interface Conclusion {
  verdict: string;
  summary: string;
  cause: string | undefined;
  confidence: number | undefined;
  claims: Claim[];
  actions: string[];
  /** What the server found wanting in the conclusion. */
  remarks: string[];
}

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function readMatching(metadata: unknown): Matching {
  const raw = fields(metadata) ?? {};
  const matched = fields(raw["matched"]);
  return {
    matched: matched && {
      skill_id: text(matched["skill_id"]) ?? "",
      name: text(matched["name"]) ?? "",
      how: text(matched["how"]) ?? "",
    },
    threshold: number(raw["threshold"]),
    candidates: list(raw["candidates"])
      .map(fields)
      .filter((one) => one !== null)
      .map((one) => ({
        skill_id: text(one["skill_id"]) ?? "",
        name: text(one["name"]) ?? "",
        score: number(one["score"]) ?? 0,
        reason: text(one["reason"]) ?? "",
        how: text(one["how"]) ?? "",
      })),
  };
}

export function readToolCall(metadata: unknown): ToolCall {
  const raw = fields(metadata) ?? {};
  const condition = fields(raw["condition"]);
  return {
    tool: text(raw["tool"]) ?? "tool",
    label: text(raw["label"]),
    arguments: raw["arguments"],
    result: raw["result"],
    error: text(raw["error"]),
    truncated: raw["truncated"] === true,
    condition: condition ? { expression: text(condition["expression"]) ?? "", met: condition["met"] === true, reason: text(condition["reason"]) } : undefined,
  };
}

/** The conclusion of a run; null when there is none, or none that can be read. */
export function readConclusion(output: unknown): Conclusion | null {
  const raw = fields(output);
  const verdict = raw && text(raw["verdict"]);
  if (!raw || !verdict) return null;
  return {
    verdict,
    summary: text(raw["summary"]) ?? "",
    cause: text(raw["cause"]),
    confidence: number(raw["confidence"]),
    claims: list(raw["claims"])
      .map(fields)
      .filter((claim) => claim !== null)
      .map((claim) => ({
        text: text(claim["text"]) ?? "",
        steps: list(claim["steps"]).filter((step) => typeof step === "number"),
        verified: claim["verified"] !== false,
      })),
    actions: list(raw["actions"]).filter((action) => typeof action === "string"),
    remarks: list(raw["remarks"]).filter((remark) => typeof remark === "string"),
  };
}
