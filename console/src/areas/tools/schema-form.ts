/*
 * From a JSON Schema to the fields of a form, and from what was typed to arguments. It covers what tools use:
 * an object of texts, numbers, switches, choices and lists of texts. Anything deeper is typed as JSON.
 */

export type FieldKind = "text" | "number" | "integer" | "switch" | "choice" | "texts" | "json";

export interface Field {
  name: string;
  label: string;
  kind: FieldKind;
  required: boolean;
  description: string | undefined;
  choices: string[];
  initial: FieldValue;
}

export type FieldValue = string | number | boolean | string[];

type Schema = Record<string, unknown>;

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

export function fieldsOf(schema: unknown): Field[] {
  const root = asSchema(schema);
  const required = Array.isArray(root["required"]) ? root["required"] : [];
  return Object.entries(asSchema(root["properties"])).map(([name, property]) => {
    const field = asSchema(property);
    const kind = kindOf(field);
    return {
      name,
      label: typeof field["title"] === "string" ? field["title"] : name,
      kind,
      required: required.includes(name),
      description: typeof field["description"] === "string" ? field["description"] : undefined,
      choices: Array.isArray(field["enum"]) ? field["enum"].map(String) : [],
      initial: initialOf(kind, field["default"]),
    };
  });
}

/** The type of a property; one that may also be null counts as the other type. */
function typeOf(schema: Schema): unknown {
  const type = schema["type"];
  return Array.isArray(type) ? type.find((one) => one !== "null") : type;
}

function kindOf(schema: Schema): FieldKind {
  if (Array.isArray(schema["enum"])) return "choice";
  switch (typeOf(schema)) {
    case "string":
      return "text";
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "boolean":
      return "switch";
    case "array":
      return typeOf(asSchema(schema["items"])) === "string" ? "texts" : "json";
    default:
      return "json";
  }
}

function initialOf(kind: FieldKind, value: unknown): FieldValue {
  switch (kind) {
    case "switch":
      return value === true;
    case "texts":
      return Array.isArray(value) ? value.map(String) : [];
    case "number":
    case "integer":
      return typeof value === "number" ? value : "";
    case "json":
      return value === undefined ? "" : JSON.stringify(value);
    default:
      return value === undefined || value === null ? "" : String(value);
  }
}

export interface Arguments {
  values: Record<string, unknown>;
  errors: Record<string, string>;
}

/** What a tool is called with. Empty optional fields are left out rather than sent as empty text. */
export function argumentsOf(schema: unknown, typed: Record<string, FieldValue>): Arguments {
  const result: Arguments = { values: {}, errors: {} };
  const properties = asSchema(asSchema(schema)["properties"]);
  for (const field of fieldsOf(schema)) {
    const value = typed[field.name] ?? field.initial;
    if (value === "" || (Array.isArray(value) && value.length === 0 && !field.required)) {
      if (field.required) result.errors[field.name] = `${field.label} is required`;
      continue;
    }
    const read = readValue(field, value, asSchema(properties[field.name]));
    if ("error" in read) result.errors[field.name] = read.error;
    else result.values[field.name] = read.value;
  }
  return result;
}

function readValue(field: Field, value: FieldValue, schema: Schema): { value: unknown } | { error: string } {
  switch (field.kind) {
    case "number":
    case "integer": {
      const number = Number(value);
      if (!Number.isFinite(number)) return { error: `${field.label} must be a number` };
      if (field.kind === "integer" && !Number.isInteger(number)) return { error: `${field.label} must be a whole number` };
      return { value: number };
    }
    case "choice":
      // The form holds texts; the schema may name numbers or switches.
      return { value: (schema["enum"] as unknown[]).find((one) => String(one) === value) ?? value };
    case "json":
      try {
        return { value: JSON.parse(String(value)) as unknown };
      } catch {
        return { error: `${field.label} must be JSON` };
      }
    default:
      return { value };
  }
}
