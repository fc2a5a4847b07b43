import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useRunTool } from "@/api/tools";
import type { Tool, ToolRun } from "@/api/types";
import { Can } from "@/components/Can";
import { CodeBlock, JsonBlock } from "@/ui/CodeBlock";
import { formatDuration } from "@/ui/format";
import { Section } from "@/ui/Section";
import { Failure } from "@/ui/states";
import { Tag } from "@/ui/Tag";
import { argumentsOf, type FieldValue } from "./schema-form";
import { SchemaForm } from "./SchemaForm";

/** Calls the saved tool with arguments from a form, and shows all that came back. */
export function TestRun({ tool }: { tool: Tool }) {
  const [values, setValues] = useState<Record<string, FieldValue>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const run = useRunTool(tool.id);
  const start = () => {
    const read = argumentsOf(tool.input_schema, values);
    setErrors(read.errors);
    if (Object.keys(read.errors).length === 0) run.mutate(read.values);
  };
  return (
    <Section title="Test run">
      <Stack gap="sm">
        <Text c="dimmed">Runs the saved tool for real, outside of any issue.</Text>
        <SchemaForm schema={tool.input_schema} values={values} errors={errors} onChange={setValues} />
        <Group>
          <Can permission="tools:run">
            <Button onClick={start} loading={run.isPending}>Run</Button>
          </Can>
        </Group>
        {run.error && <Failure error={run.error} />}
        {run.data && <RunResult run={run.data} />}
      </Stack>
    </Section>
  );
}

function RunResult({ run }: { run: ToolRun }) {
  return (
    <Stack gap="xs" role="status">
      <Group gap="xs">
        <Tag tone={run.ok ? "ok" : "critical"}>{run.ok ? "Succeeded" : "Failed"}</Tag>
        <Text c="dimmed">in {formatDuration(run.duration_ms)}</Text>
      </Group>
      {run.error && <Text c="var(--st-critical)">{run.error}</Text>}
      {run.result !== undefined && run.result !== null && <JsonBlock label="Result" value={run.result} />}
      {run.logs.length > 0 && <CodeBlock label="Logs" code={run.logs.join("\n")} maxHeight={220} wrap />}
    </Stack>
  );
}
