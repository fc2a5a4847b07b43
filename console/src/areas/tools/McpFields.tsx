import { Button, Group, SegmentedControl, SimpleGrid, Stack, TagsInput, Text, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconSearch } from "@tabler/icons-react";
import { useDiscoverMcp } from "@/api/tools";
import type { McpTools } from "@/api/types";
import { plural } from "@/ui/format";
import { Failure } from "@/ui/states";
import { serverOf, type ToolDraft } from "./config";
import classes from "./Tools.module.css";

const TRANSPORTS = [{ value: "http", label: "HTTP" }, { value: "stdio", label: "Program (stdio)" }];

/** A tool of an MCP server: how to reach the server, and which of its tools. */
export function McpFields({ form }: { form: UseFormReturnType<ToolDraft> }) {
  const discover = useDiscoverMcp();
  const { transport } = form.values;
  const choose = (offered: McpTools["tools"][number]) => {
    form.setFieldValue("mcp_tool", offered.name);
    form.setFieldValue("schema", JSON.stringify(offered.input_schema, null, 2));
    if (!form.values.name) form.setFieldValue("name", offered.name);
    if (!form.values.description) form.setFieldValue("description", offered.description ?? "");
  };
  return (
    <Stack gap="sm">
      <Group>
        <SegmentedControl
          aria-label="Transport"
          data={TRANSPORTS}
          value={transport}
          onChange={(value) => form.setFieldValue("transport", value as ToolDraft["transport"])}
        />
      </Group>
      {transport === "http" ? (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="Server address" placeholder="https://mcp.example.com/mcp" {...form.getInputProps("url")} />
          <Textarea label="Headers" description="One Name: key of a sealed configuration per line" autosize minRows={1} {...form.getInputProps("headers")} />
        </SimpleGrid>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="Program" {...form.getInputProps("command")} />
          <TagsInput label="Arguments" {...form.getInputProps("args")} />
        </SimpleGrid>
      )}
      <Group align="end">
        <TextInput label="Tool" style={{ flex: 1 }} {...form.getInputProps("mcp_tool")} />
        <Button
          variant="default"
          leftSection={<IconSearch size={14} />}
          loading={discover.isPending}
          onClick={() => discover.mutate(serverOf(form.values))}
        >
          What does it offer?
        </Button>
      </Group>
      {discover.error && <Failure error={discover.error} />}
      {discover.data && (
        <Stack gap={4}>
          <Text c="dimmed" role="status">{plural(discover.data.tools.length, "tool")} offered; choose one.</Text>
          {discover.data.tools.map((offered) => (
            <UnstyledButton key={offered.name} className={classes.offer} onClick={() => choose(offered)} aria-pressed={offered.name === form.values.mcp_tool}>
              <span className="mono">{offered.name}</span>
              <Text c="dimmed" size="xs">{offered.description}</Text>
            </UnstyledButton>
          ))}
        </Stack>
      )}
    </Stack>
  );
}
