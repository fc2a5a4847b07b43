import { describe, expect, test } from "vitest";
import type { Tool } from "@/api/types";
import { configOf, draftOf, EMPTY_DRAFT, schemaError } from "./config";
import { argumentsOf, fieldsOf } from "./schema-form";

const schema = {
  type: "object",
  required: ["pod"],
  properties: {
    pod: { type: "string" },
    lines: { type: "integer", default: 50 },
    ratio: { type: ["number", "null"] },
    previous: { type: "boolean" },
    level: { enum: [1, 2, "all"] },
    tags: { type: "array", items: { type: "string" } },
    filter: { type: "object" },
  },
};

describe("a form from a JSON Schema", () => {
  test("has a fitting field for each property", () => {
    expect(fieldsOf(schema).map(({ name, kind }) => [name, kind])).toEqual([
      ["pod", "text"], ["lines", "integer"], ["ratio", "number"], ["previous", "switch"], ["level", "choice"], ["tags", "texts"], ["filter", "json"],
    ]);
  });

  test("sends values of the types that the schema names, and leaves empty ones out", () => {
    const typed = { pod: "api", lines: 20, ratio: "", previous: true, level: "2", tags: ["a"], filter: '{"x":1}' };
    expect(argumentsOf(schema, typed)).toEqual({ values: { pod: "api", lines: 20, previous: true, level: 2, tags: ["a"], filter: { x: 1 } }, errors: {} });
  });

  test("uses defaults for what was not touched", () => {
    expect(argumentsOf(schema, { pod: "api" }).values).toMatchObject({ lines: 50, previous: false });
  });

  test("says what is missing or wrong", () => {
    expect(argumentsOf(schema, { lines: 1.5, filter: "{" }).errors).toEqual({
      pod: "pod is required",
      lines: "lines must be a whole number",
      filter: "filter must be JSON",
    });
  });

  test.each([null, "text", [], {}])("%j makes an empty form", (broken) => {
    expect(fieldsOf(broken)).toEqual([]);
  });
});

describe("a tool and its form", () => {
  test.each([
    [{ type: "custom_code", config: { code: "x", allowed_hosts: ["demo:9100"], secrets: ["key"], timeout_ms: 5_000 } }],
    [{ type: "mcp", config: { transport: "http", url: "https://m.test/mcp", tool: "search", headers: { Authorization: "wiki_token" } } }],
    [{ type: "mcp", config: { transport: "stdio", command: "server", args: ["--quiet"], tool: "search" } }],
  ])("%j survives being edited", (part) => {
    const tool = { name: "t", description: "", status: "active", input_schema: {}, ...part } as unknown as Tool;
    expect(configOf(draftOf(tool))).toEqual(part.config);
  });

  test("the empty form has a schema that is valid", () => {
    expect(schemaError(EMPTY_DRAFT.schema)).toBeNull();
    expect(schemaError("[]")).toBe("The schema must be a JSON object");
    expect(schemaError("{")).not.toBeNull();
  });
});
