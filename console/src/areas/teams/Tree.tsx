import { ActionIcon } from "@mantine/core";
import { IconBuilding, IconFolder, IconPlus, IconUsersGroup } from "@tabler/icons-react";
import type { TreeNode } from "@/components/tree";
import { humanize } from "@/ui/format";
import classes from "./Teams.module.css";

const ICONS = { org: IconBuilding, unit: IconFolder, team: IconUsersGroup };
const KINDS = { org: "Organization", unit: "Unit", team: "Team" };

interface Props {
  nodes: TreeNode[];
  /** Absent for those who may not add. */
  onAdd: ((parentId: string) => void) | null;
}

export function Tree({ nodes, onAdd }: Props) {
  return (
    <ul className={classes.level}>
      {nodes.map((node) => {
        const Icon = ICONS[node.kind] ?? IconFolder;
        return (
          <li key={node.id}>
            <div className={classes.node}>
              <Icon size={16} stroke={1.7} className="dim" />
              <span className={classes.name}>{node.name}</span>
              <span className="mono dim truncate">{node.slug}</span>
              <span className={`${classes.kind} dim`}>{KINDS[node.kind] ?? humanize(node.kind)}</span>
              <span className={classes.action}>
                {onAdd && node.kind !== "team" && (
                  <ActionIcon aria-label={`Add under ${node.name}`} onClick={() => onAdd(node.id)}>
                    <IconPlus size={15} />
                  </ActionIcon>
                )}
              </span>
            </div>
            {node.children.length > 0 && <Tree nodes={node.children} onAdd={onAdd} />}
          </li>
        );
      })}
    </ul>
  );
}
