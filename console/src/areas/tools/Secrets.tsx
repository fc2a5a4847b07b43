import { usePermission } from "@/api/rights";
import type { Tool } from "@/api/types";
import { ConfigurationVersions } from "@/components/ConfigurationVersions";
import { Section } from "@/ui/Section";
import { secretsOf } from "./config";

/** The sealed values that a saved tool is given. Others may use them as well: a change is for all. */
export function Secrets({ tool }: { tool: Tool }) {
  const keys = secretsOf(tool);
  const mayRead = usePermission("settings:read");
  if (!mayRead || keys.length === 0) return null;
  return (
    <Section title="Secrets">
      {keys.map((config_key) => <ConfigurationVersions key={config_key} of={{ config_type: "general", config_key }} />)}
    </Section>
  );
}
