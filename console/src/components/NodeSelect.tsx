import { Select, type SelectProps } from "@mantine/core";
import { upwards, useTree } from "@/api/rights";
import type { OrgNode } from "@/api/types";
import { flatten, treeOf } from "./tree";

export const WHOLE_ORGANIZATION = "The whole organization";

interface Props extends Omit<SelectProps, "data" | "value" | "onChange"> {
  value: string | null;
  onChange: (id: string | null) => void;
  /** Offers the whole organization as well, under this name; it is null. */
  whole?: string;
  /** Nodes that cannot be chosen. */
  without?: string[];
  /** Only these nodes and what is below them. */
  within?: string[];
}

/** The units and teams of a tree by the names of all above them, in its order. */
function choicesOf(tree: OrgNode[]): { value: string; label: string }[] {
  const nodes = flatten(treeOf(tree)).filter((node) => node.kind !== "org");
  return nodes.map((node) => ({ value: node.id, label: node.path.join(" / ") }));
}

/** One of the organization's units and teams, in the order of its tree. */
export function NodeSelect({ value, onChange, whole, without, within, ...rest }: Props) {
  const tree = useTree();
  const isInside = (id: string) => !within || upwards(id, tree).some((above) => within.includes(above));
  const choices = choicesOf(tree).filter((node) => !without?.includes(node.value) && isInside(node.value));
  const data = whole ? [{ value: "", label: whole }, ...choices] : choices;
  return (
    <Select
      searchable
      nothingFoundMessage="No unit or team"
      {...rest}
      data={data}
      allowDeselect={!whole}
      value={whole ? (value ?? "") : value}
      onChange={(id) => onChange(id || null)}
    />
  );
}

/** The name of a node's owner as it is shown in lists and facts. */
export function NodeName({ id }: { id: string | null | undefined }) {
  const tree = useTree();
  if (!id) return <span className="dim">{WHOLE_ORGANIZATION}</span>;
  return <>{choicesOf(tree).find((node) => node.value === id)?.label ?? "A unit or team"}</>;
}
