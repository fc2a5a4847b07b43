import { Text } from "@mantine/core";
import type { Overview } from "@/api/types";
import { Facts } from "@/ui/Facts";
import { Section } from "@/ui/Section";

/** Says plainly whether a model reasons about issues or only the steps of the skills run. */
export function ModelNote({ model }: { model: Overview["model"] }) {
  return (
    <Section title="How issues are investigated">
      <Text mb="sm">
        {model.configured
          ? "A language model follows the matched skill, calls its tools and writes the conclusion."
          : "No language model is configured. Skills are matched, their executable steps run, and their rules give the verdict."}
      </Text>
      <Facts
        items={[
          ["Model", model.configured ? <span className="mono">{model.name}</span> : "none"],
          ["Embeddings", <span key="embedding" className="mono">{model.embedding_model}</span>],
        ]}
      />
    </Section>
  );
}
