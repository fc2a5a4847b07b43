import { Box, useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconBook2, IconBroadcast, IconKey, IconListSearch, IconLogout, IconMoon, IconRouteSquare, IconSearch, IconSitemap, IconTool, IconUserCircle, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { overviewQuery } from "@/api/platform";
import { may } from "@/api/rights";
import { useMe, useSignOut } from "@/api/session";
import { Keys } from "@/ui/Keys";
import { issueTitle } from "./issue-title";
import { placesFor } from "./nav";

const NAMED = { content: { "aria-label": "Search and commands" } };
/* A box that scrolls must be reachable without a mouse (WCAG 2.1.1). */
const REACHABLE = { viewportProps: { tabIndex: 0 } };

/** The command palette (Ctrl/Cmd+K): every place, the most recent issues, and what can be created or changed. */
export function Palette() {
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data } = useQuery(overviewQuery());

  const places = placesFor(me).map(
    ({ to, label, icon: Icon, key }): SpotlightActionData => ({
      id: `go${to}`,
      label,
      leftSection: <Icon size={16} stroke={1.7} />,
      // A phone has no keys to press.
      rightSection: <Box component="span" visibleFrom="sm"><Keys keys={["g", key]} /></Box>,
      onClick: () => void navigate({ to }),
    }),
  );
  const issues = (data?.recent_issues ?? []).map(
    (issue): SpotlightActionData => ({
      id: issue.id,
      label: issueTitle(issue),
      leftSection: <IconListSearch size={16} stroke={1.7} />,
      onClick: () => void navigate({ to: "/issues/$issueId", params: { issueId: issue.id } }),
    }),
  );
  const creations = [
    { permission: "skills:write", label: "Write a skill", icon: <IconBook2 size={16} />, go: () => navigate({ to: "/skills/new" }) },
    { permission: "skills:write", label: "Add a binding", icon: <IconRouteSquare size={16} />, go: () => navigate({ to: "/bindings", search: { edit: "new" } }) },
    { permission: "tools:write", label: "Add a tool", icon: <IconTool size={16} />, go: () => navigate({ to: "/tools/new" }) },
    { permission: "receivers:write", label: "Add a receiver", icon: <IconBroadcast size={16} />, go: () => navigate({ to: "/receivers", search: { edit: "new" } }) },
    { permission: "members:write", label: "Invite a member", icon: <IconUserPlus size={16} />, go: () => navigate({ to: "/members", search: { invite: "yes" } }) },
    { permission: "settings:write", label: "Add a unit or team", icon: <IconSitemap size={16} />, go: () => navigate({ to: "/teams", search: { under: "root" } }) },
    { permission: "tokens:write", label: "Create a token", icon: <IconKey size={16} />, go: () => navigate({ to: "/tokens", search: { create: "yes" } }) },
  ]
    .filter((item) => may(me, item.permission))
    .map(({ label, icon, go }): SpotlightActionData => ({ id: label, label, leftSection: icon, onClick: () => void go() }));
  const dark = colorScheme === "dark";
  const actions: SpotlightActionGroupData[] = [
    { group: "Go to", actions: places },
    { group: "Recent issues", actions: issues },
    {
      group: "Do",
      actions: [
        ...creations,
        {
          id: "scheme",
          label: dark ? "Use the light appearance" : "Use the dark appearance",
          leftSection: <IconMoon size={16} />,
          onClick: () => setColorScheme(dark ? "light" : "dark"),
        },
        { id: "account", label: "Open my account", leftSection: <IconUserCircle size={16} />, onClick: () => void navigate({ to: "/account" }) },
        { id: "sign-out", label: "Sign out", leftSection: <IconLogout size={16} />, onClick: () => signOut.mutate() },
      ],
    },
  ];
  return (
    <Spotlight
      actions={actions.filter((group) => group.actions.length > 0)}
      shortcut="mod + K"
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing found"
      attributes={NAMED}
      scrollAreaProps={REACHABLE}
      searchProps={{
        leftSection: <IconSearch size={16} />,
        placeholder: "Search places, issues and commands",
        "aria-label": "Search places, issues and commands",
      }}
    />
  );
}
