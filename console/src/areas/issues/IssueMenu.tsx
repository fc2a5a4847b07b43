import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconDots, IconEraser } from "@tabler/icons-react";
import { usePermission } from "@/api/rights";
import type { Issue } from "@/api/types";
import { confirm } from "@/ui/confirm";
import { UNDECIDED } from "./undecided";

interface Props {
  issue: Issue;
  onErase: () => void;
}

/** What is seldom done with an issue, for those who may. */
export function IssueMenu({ issue, onErase }: Props) {
  const open = UNDECIDED.has(issue.status);
  const mayErase = usePermission("issues:erase", { node: issue.node_id });
  if (!mayErase) return null;
  const ask = () =>
    confirm({
      title: `Erase what was said about "${issue.title}"?`,
      body: (
        <>
          <Text>
            Its title and description, what its alerts said, what its runs did and found, and the messages about it are gone for ever.
          </Text>
          <Text mt="xs" c="dimmed">States, times and who did what stay. Messages that were sent to a platform stay there, and a backup from before still holds everything.</Text>
        </>
      ),
      action: "Erase for ever",
      onConfirm: onErase,
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label="More actions" size="input-sm"><IconDots size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<IconEraser size={14} />} disabled={open} onClick={ask}>
          {open ? "Erase… (close it first)" : "Erase…"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
