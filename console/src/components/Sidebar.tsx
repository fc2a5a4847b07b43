import { ActionIcon, Avatar, Box, Burger, Group, Menu, Text, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import { Link } from "@tanstack/react-router";
import { IconCheck, IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSearch, IconSelector, IconSun, IconUserCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { LiveState } from "@/api/live";
import { overviewQuery } from "@/api/platform";
import { may } from "@/api/rights";
import { useMe, useSignOut, useSwitchOrganization } from "@/api/session";
import { formatCount } from "@/ui/format";
import { notifyFailure } from "@/ui/notify";
import { Logo } from "./Logo";
import { placeGroups } from "./nav";
import { roleName } from "./roles";
import classes from "./Shell.module.css";

function Top({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const change = useSwitchOrganization();
  const switchTo = (slug: string) =>
    change.mutate(slug, { onError: (error) => notifyFailure("The organization was not changed", error) });
  return (
    <Box mb={10}>
      <Group gap={4} wrap="nowrap" mb={8}>
        <Menu position="bottom-start" width={220}>
          <Menu.Target>
            <UnstyledButton className={classes.org} aria-label={`Organization ${me.organization.name}`}>
              <Logo />
              <span className="truncate">{me.organization.name}</span>
              <IconSelector size={14} style={{ marginLeft: "auto", flex: "none" }} />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {me.organizations.map((organization) => (
              <Menu.Item
                key={organization.id}
                rightSection={organization.id === me.organization.id && <IconCheck size={14} />}
                onClick={() => organization.id !== me.organization.id && switchTo(organization.slug)}
              >
                {organization.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Burger hiddenFrom="sm" opened onClick={onClose} size="sm" aria-label="Close navigation" />
      </Group>
      <UnstyledButton className={classes.search} onClick={spotlight.open}>
        <IconSearch size={14} />
        Search or jump to
        <kbd>Ctrl K</kbd>
      </UnstyledButton>
    </Box>
  );
}

function sum(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((total, count) => total + count, 0);
}

/** How much is open on the pages that count it. */
function useOpenCounts(): Record<string, number> {
  const { data } = useQuery(overviewQuery());
  return {
    "/alerts": sum(data?.open_alerts),
    "/issues": sum(data?.open_issues),
    "/jobs": data?.dead_letters ?? 0,
  };
}

function Places() {
  const me = useMe();
  const counts = useOpenCounts();
  return (
    <nav aria-label="Main">
      {placeGroups.map((group) => {
        const places = group.places.filter((place) => may(me, place.permission));
        if (places.length === 0) return null;
        return (
          <div key={group.label ?? "main"}>
            {group.label && <div className={classes.group}>{group.label}</div>}
            {places.map(({ to, label, icon: Icon }) => (
              <Link key={to} to={to} className={classes.link} activeOptions={{ exact: to === "/", includeSearch: false }}>
                <Icon size={16} stroke={1.7} />
                {label}
                {counts[to] ? (
                  <span className={classes.count}>
                    {formatCount(counts[to])}
                    <span className="visually-hidden"> open</span>
                  </span>
                ) : null}
              </Link>
            ))}
          </div>
        );
      })}
    </nav>
  );
}

const LIVE: Record<LiveState, [string, string]> = {
  live: ["Live", "Changes appear here as they happen"],
  polling: ["Not live", "The live connection is down; the page asks again every 15 seconds"],
  connecting: ["Connecting", "Opening the live connection"],
};

function Foot({ live, onHelp }: { live: LiveState; onHelp: () => void }) {
  const me = useMe();
  const signOut = useSignOut();
  const [label, hint] = LIVE[live];
  const name = me.user?.name ?? me.user?.email ?? me.token?.name ?? "";
  return (
    <div>
      <Tooltip label={hint}>
        <span className={classes.live} data-state={live} role="status">
          <i />
          {label}
        </span>
      </Tooltip>
      <div className={classes.foot}>
        <Menu position="top-start" width={220}>
          <Menu.Target>
            <UnstyledButton className={classes.user} aria-label="Account">
              <Avatar size={24} name={name} color="petrol" radius="xl" aria-hidden />
              <span style={{ minWidth: 0 }}>
                <Text className="truncate" lh={1.25}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed" lh={1.25}>
                  {me.role ? roleName(me.role) : "In single teams"}
                </Text>
              </span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {me.user && <Menu.Label>{me.user.email}</Menu.Label>}
            {me.user && (
              <Menu.Item leftSection={<IconUserCircle size={14} />} component={Link} to="/account">
                Account
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconKeyboard size={14} />} onClick={onHelp}>
              Keyboard shortcuts
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => signOut.mutate()}>
              Sign out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <SchemeToggle />
      </div>
    </div>
  );
}

const SCHEMES = { auto: "light", light: "dark", dark: "auto" } as const;
const SCHEME_ICONS = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };
const SCHEME_NAMES = { auto: "as the system", light: "light", dark: "dark" };

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = SCHEME_ICONS[colorScheme];
  const label = `Appearance: ${SCHEME_NAMES[colorScheme]}`;
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} onClick={() => setColorScheme(SCHEMES[colorScheme])}>
        <Icon size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

export const Sidebar = { Top, Places, Foot };
