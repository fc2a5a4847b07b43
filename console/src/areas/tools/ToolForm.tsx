import { Box, Button, Grid, Group, SegmentedControl, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import type { Tagged } from "@/api/client";
import { usePermission, type Where } from "@/api/rights";
import { useSaveTool } from "@/api/tools";
import type { Tool } from "@/api/types";
import { ChangedMeanwhile } from "@/components/Changed";
import { OwnerSelect, useOwnerRule, WhyReadOnly } from "@/components/owner";
import { type TakeTheirs, useFollow, useGuardedSave } from "@/hooks/useEditing";
import { CodeArea } from "@/ui/CodeArea";
import { notifyDone, notifyFailure } from "@/ui/notify";
import { Section } from "@/ui/Section";
import { CodeFields } from "./CodeFields";
import { draftOf, EMPTY_DRAFT, schemaError, type ToolDraft, toolOf } from "./config";
import { McpFields } from "./McpFields";
import { MONO } from "@/ui/mono";

const TYPES = [{ value: "custom_code", label: "JavaScript" }, { value: "mcp", label: "MCP" }];

interface Props {
  tool: Tagged<Tool> | null;
  onTake?: TakeTheirs;
}

export function ToolForm({ tool, onTake }: Props) {
  const navigate = useNavigate();
  const where: Where = tool ? { node: tool.node_id } : "anywhere";
  const mayWrite = usePermission("tools:write", where);
  const owner = useOwnerRule("tools:write");
  const save = useSaveTool(tool?.id ?? null);
  const form = useForm<ToolDraft>({
    initialValues: tool ? draftOf(tool) : { ...EMPTY_DRAFT, node_id: owner.first },
    validate: {
      name: (name) => (/^[a-z][a-z0-9_.-]*$/i.test(name) ? null : "A name without spaces, such as pod_logs"),
      schema: schemaError,
      code: (code, { type }) => (type === "mcp" || code.trim() ? null : "Write the code"),
      url: (url, { type, transport }) => (type !== "mcp" || transport !== "http" || /^https?:\/\//.test(url) ? null : "An http(s) address"),
      command: (command, { type, transport }) => (type !== "mcp" || transport !== "stdio" || command.trim() ? null : "The program to start"),
      mcp_tool: (name, { type }) => (type !== "mcp" || name.trim() ? null : "Which of the server's tools to call"),
      node_id: owner.check,
    },
  });
  const guarded = useGuardedSave(save, tool?.etag ?? null, {
    onSaved: (saved) => {
      form.resetDirty();
      notifyDone("Tool saved");
      if (!tool) void navigate({ to: "/tools/$toolId", params: { toolId: saved.id } });
    },
    onFailed: (error) => notifyFailure("The tool was not saved", error),
  });
  const dirty = form.isDirty();
  useFollow(guarded.conflict, dirty, onTake);
  const submit = form.onSubmit((draft) => guarded.save(toolOf(draft)));
  const schemaProblem = form.errors["schema"];
  return (
    <form onSubmit={submit}>
      {guarded.conflict && dirty && (
        <Box mb="md">
          <ChangedMeanwhile
            what="tool"
            busy={save.isPending}
            onTake={() => onTake?.(JSON.stringify(form.values, null, 2))}
            onOverwrite={form.onSubmit((draft) => guarded.overwrite(toolOf(draft)))}
          />
        </Box>
      )}
      <Box mb={mayWrite ? 0 : "md"}><WhyReadOnly permission="tools:write" where={where} /></Box>
      <fieldset disabled={!mayWrite} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Section
          title="Definition"
          aside={
            <Group gap="sm">
              <Switch
                label="Active"
                checked={form.values.status === "active"}
                onChange={(event) => form.setFieldValue("status", event.currentTarget.checked ? "active" : "inactive")}
              />
              {mayWrite && <Button type="submit" loading={save.isPending}>{tool ? "Save" : "Create tool"}</Button>}
            </Group>
          }
        >
          <Stack gap="md">
            <Grid gap="md">
              <Grid.Col span={{ base: 12, sm: 5 }}>
                <TextInput label="Name" required classNames={MONO} {...form.getInputProps("name")} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 7 }}>
                <Textarea label="What it does" autosize minRows={1} maxRows={4} {...form.getInputProps("description")} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 5 }}>
                <OwnerSelect
                  permission="tools:write"
                  description="Called for what happens there and below"
                  readOnly={!mayWrite}
                  {...form.getInputProps("node_id")}
                />
              </Grid.Col>
            </Grid>
            {!tool && (
              <Group>
                <SegmentedControl
                  aria-label="Type"
                  data={TYPES}
                  value={form.values.type}
                  onChange={(type) => form.setFieldValue("type", type as ToolDraft["type"])}
                />
              </Group>
            )}
            {form.values.type === "mcp" ? <McpFields form={form} /> : <CodeFields form={form} />}
            <div>
              <span className="field-label">Arguments (JSON Schema)</span>
              <CodeArea
                label="Arguments as JSON Schema"
                value={form.values.schema}
                onChange={(schema) => form.setFieldValue("schema", schema)}
                readOnly={!mayWrite}
              />
              {schemaProblem && <span style={{ color: "var(--st-critical)" }}>{schemaProblem}</span>}
            </div>
          </Stack>
        </Section>
      </fieldset>
    </form>
  );
}
