import { NumberInput, Select, Stack, Switch, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { type Field, fieldsOf, type FieldValue } from "./schema-form";
import { MONO } from "@/ui/mono";

interface Props {
  schema: unknown;
  values: Record<string, FieldValue>;
  errors: Record<string, string>;
  onChange: (values: Record<string, FieldValue>) => void;
}

/** A form for whatever arguments a tool declares. */
export function SchemaForm({ schema, values, errors, onChange }: Props) {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return <Text c="dimmed">This tool takes no arguments.</Text>;
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <SchemaField
          key={field.name}
          field={field}
          value={values[field.name] ?? field.initial}
          error={errors[field.name]}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </Stack>
  );
}

interface FieldProps {
  field: Field;
  value: FieldValue;
  error: string | undefined;
  onChange: (value: FieldValue) => void;
}

function SchemaField({ field, value, error, onChange }: FieldProps) {
  const shared = { label: field.label, description: field.description, required: field.required, error };
  switch (field.kind) {
    case "switch":
      return <Switch {...shared} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case "number":
    case "integer":
      return (
        <NumberInput {...shared} allowDecimal={field.kind === "number"} value={typeof value === "number" ? value : ""} onChange={(next) => onChange(next)} />
      );
    case "choice":
      return <Select {...shared} data={field.choices} value={String(value) || null} onChange={(next) => onChange(next ?? "")} />;
    case "texts":
      return <TagsInput {...shared} value={Array.isArray(value) ? value : []} onChange={onChange} />;
    case "json":
      return <Textarea {...shared} placeholder="JSON" autosize minRows={2} classNames={MONO} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
    default:
      return <TextInput {...shared} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}
