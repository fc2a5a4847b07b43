import { NumberInput, SimpleGrid, TagsInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { CodeArea } from "@/ui/CodeArea";
import type { ToolDraft } from "./config";

const TALL: [number, number] = [200, 420];

/** A tool of our own: code, and what it may reach. */
export function CodeFields({ form }: { form: UseFormReturnType<ToolDraft> }) {
  return (
    <>
      <div>
        <span className="field-label">Code</span>
        <CodeArea label="Code" value={form.values.code} onChange={(code) => form.setFieldValue("code", code)} height={TALL} />
        {form.errors["code"] && <span style={{ color: "var(--st-critical)" }}>{form.errors["code"]}</span>}
      </div>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TagsInput
          label="Hosts it may call"
          description="host or host:port; it reaches nothing else"
          placeholder="Add a host, then Enter"
          {...form.getInputProps("allowed_hosts")}
        />
        <TagsInput
          label="Secrets it may read"
          description="Keys of sealed configurations, set on the page Settings"
          placeholder="Add a key, then Enter"
          {...form.getInputProps("secrets")}
        />
        <NumberInput label="Time limit, milliseconds" placeholder="Server's default" min={1} {...form.getInputProps("timeout_ms")} />
        <NumberInput label="Memory limit, MB" placeholder="Server's default" min={1} {...form.getInputProps("memory_mb")} />
      </SimpleGrid>
    </>
  );
}
