import type { NewTool, Tool } from "@/api/types";

export const TYPE_NAMES: Record<string, string> = { custom_code: "JavaScript", mcp: "MCP" };

/** A tool as its form holds it: every field is there, whichever type is chosen. */
export interface ToolDraft {
  name: string;
  description: string;
  type: "custom_code" | "mcp";
  status: string;
  node_id: string | null;
  schema: string;
  code: string;
  allowed_hosts: string[];
  secrets: string[];
  timeout_ms: number | "";
  memory_mb: number | "";
  transport: "http" | "stdio";
  url: string;
  command: string;
  args: string[];
  mcp_tool: string;
  headers: string;
}

export const EMPTY_SCHEMA = '{\n  "type": "object",\n  "properties": {}\n}';

export const EMPTY_DRAFT: ToolDraft = {
  name: "",
  description: "",
  type: "custom_code",
  status: "active",
  node_id: null,
  schema: EMPTY_SCHEMA,
  code: "export default async function run(args) {\n  return { ok: true };\n}\n",
  allowed_hosts: [],
  secrets: [],
  timeout_ms: "",
  memory_mb: "",
  transport: "http",
  url: "",
  command: "",
  args: [],
  mcp_tool: "",
  headers: "",
};

type Fields = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" ? value : "");
const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
const size = (value: unknown) => (typeof value === "number" ? value : "");

export function draftOf(tool: Tool): ToolDraft {
  const config = (tool.config ?? {}) as Fields;
  return {
    name: tool.name,
    description: tool.description ?? "",
    type: tool.type === "mcp" ? "mcp" : "custom_code",
    status: tool.status,
    node_id: tool.node_id,
    schema: JSON.stringify(tool.input_schema ?? JSON.parse(EMPTY_SCHEMA), null, 2),
    code: text(config["code"]),
    allowed_hosts: texts(config["allowed_hosts"]),
    secrets: texts(config["secrets"]),
    timeout_ms: size(config["timeout_ms"]),
    memory_mb: size(config["memory_mb"]),
    transport: config["transport"] === "stdio" ? "stdio" : "http",
    url: text(config["url"]),
    command: text(config["command"]),
    args: texts(config["args"]),
    mcp_tool: text(config["tool"]),
    headers: Object.entries((config["headers"] ?? {}) as Fields)
      .map(([name, ref]) => `${name}: ${text(ref)}`)
      .join("\n"),
  };
}

/** The keys of the sealed values that a tool is given. */
export function secretsOf(tool: Tool): string[] {
  const config = (tool.config ?? {}) as Fields;
  const named = [...texts(config["secrets"]), ...texts(Object.values((config["headers"] ?? {}) as Fields))];
  return [...new Set(named)];
}

/** The `config` of a draft, holding only what its type knows. */
export function configOf(draft: ToolDraft): Fields {
  if (draft.type === "custom_code") {
    return {
      code: draft.code,
      allowed_hosts: draft.allowed_hosts,
      ...(draft.secrets.length > 0 && { secrets: draft.secrets }),
      ...(draft.timeout_ms !== "" && { timeout_ms: draft.timeout_ms }),
      ...(draft.memory_mb !== "" && { memory_mb: draft.memory_mb }),
    };
  }
  if (draft.transport === "stdio") {
    return { transport: "stdio", command: draft.command, args: draft.args, tool: draft.mcp_tool };
  }
  const headers = readHeaders(draft.headers);
  return { transport: "http", url: draft.url, tool: draft.mcp_tool, ...(Object.keys(headers).length > 0 && { headers }) };
}

/** What is sent of a draft whose schema is JSON. */
export function toolOf(draft: ToolDraft): NewTool {
  const { name, description, type, status, node_id } = draft;
  return { name, description, type, status, node_id, config: configOf(draft), input_schema: JSON.parse(draft.schema) as unknown };
}

/** How to reach the MCP server of a draft, whichever of its tools is meant. */
export function serverOf(draft: ToolDraft): Fields {
  const { tool: _, ...server } = configOf(draft);
  return server;
}

/** Headers from lines of `Name: secret reference`. */
function readHeaders(lines: string): Record<string, string> {
  const pairs = lines.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : [];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** What is wrong with a schema text; null when it is a JSON object. */
export function schemaError(source: string): string | null {
  try {
    const schema: unknown = JSON.parse(source);
    return typeof schema === "object" && schema !== null && !Array.isArray(schema) ? null : "The schema must be a JSON object";
  } catch (error) {
    return error instanceof Error ? error.message : "This is not JSON";
  }
}
