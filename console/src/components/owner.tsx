/*
 * Who owns a skill, a tool, a receiver, an alert or an issue: the whole organization, or a unit or team. An organization
 * that is not divided is not bothered with it.
 */
import { Group, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { heldAt, useTree, type Where } from "@/api/rights";
import { useMe } from "@/api/session";
import type { Column } from "@/ui/DataTable";
import { NodeName, NodeSelect, WHOLE_ORGANIZATION } from "./NodeSelect";
import { useWhyNot } from "./whynot";

/** Whether the organization has units or teams at all. */
export function useIsDivided(): boolean {
  return useTree().some((node) => node.kind !== "org");
}

/** Where a new thing begins that needs this permission, and what is wrong with a choice. */
export function useOwnerRule(permission: string) {
  const me = useMe();
  const everywhere = me.permissions.includes(permission);
  const held = heldAt(me, permission);
  return {
    first: !everywhere && held.length === 1 ? (held[0]?.id ?? null) : null,
    check: (id: string | null | undefined) => (id || everywhere ? null : "Choose one of the units and teams you act in"),
  };
}

interface OwnerProps {
  permission: string;
  /** What belonging means for this kind of thing. */
  description: string;
  value?: string | null;
  onChange: (id: string | null) => void;
  readOnly: boolean;
  error?: ReactNode;
}

/** Chooses the owner among the places in which the permission is held. */
export function OwnerSelect({ permission, value, readOnly, ...rest }: OwnerProps) {
  const me = useMe();
  const anyOwner = readOnly || me.permissions.includes(permission);
  if (!useIsDivided()) return null;
  return (
    <NodeSelect
      label="Belongs to"
      {...rest}
      readOnly={readOnly}
      value={value ?? null}
      whole={anyOwner ? WHOLE_ORGANIZATION : undefined}
      within={anyOwner ? undefined : heldAt(me, permission).map(({ id }) => id)}
    />
  );
}

/** The column that names the owner. */
export function useOwnerColumn<T extends { node_id?: string | null }>(): Column<T>[] {
  if (!useIsDivided()) return [];
  return [{ key: "node", title: "Belongs to", width: 170, cell: (row) => <NodeName id={row.node_id} />, optional: true }];
}

/** The owner as a fact, which leads to all that it owns; none in an organization that is not divided. */
export function useOwnerFact(to: "/alerts" | "/issues", node: string | null | undefined): [string, ReactNode] {
  const divided = useIsDivided();
  const name = <NodeName id={node} />;
  if (!divided) return ["Belongs to", null];
  return ["Belongs to", node ? <Link to={to} search={{ node_id: node }}>{name}</Link> : name];
}

/** Says why something can be read but not changed; nothing to those who may change it. */
export function WhyReadOnly({ permission, where }: { permission: string; where?: Where }) {
  const reason = useWhyNot(permission, where);
  if (reason === null) return null;
  return (
    <Group gap={6} wrap="nowrap" align="start" c="dimmed" role="note">
      <IconLock size={14} style={{ flex: "none", marginTop: 3 }} />
      <Text inherit size="sm">You can read this, not change it. {reason}.</Text>
    </Group>
  );
}

/** Filters by owner: a unit or team stands for all below it, too. */
export function OwnerFilter({ value, onChange }: { value: string | undefined; onChange: (id: string | undefined) => void }) {
  if (!useIsDivided() && !value) return null;
  return <NodeSelect aria-label="Belongs to" w={170} whole="Any team" value={value ?? null} onChange={(id) => onChange(id ?? undefined)} />;
}
