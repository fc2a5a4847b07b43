import { AppShell, Burger, Group, ScrollArea, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useLiveUpdates } from "@/api/live";
import { useMe } from "@/api/session";
import { type Hotkeys, useHotkeys } from "@/hooks/useHotkeys";
import { KeyHelp } from "./KeyHelp";
import { Logo } from "./Logo";
import { placesFor } from "./nav";
import { Palette } from "./Palette";
import { Sidebar } from "./Sidebar";
import classes from "./Shell.module.css";

/** The frame around every page: navigation, search, live state, and the keys that work everywhere. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const router = useRouter();
  const live = useLiveUpdates();
  const [opened, menu] = useDisclosure(false);
  const [help, setHelp] = useState(false);
  const { close } = menu;
  useEffect(() => router.subscribe("onResolved", close), [router, close]);

  const hotkeys = useMemo<Hotkeys>(() => {
    const places = placesFor(me).map((place) => [`g ${place.key}`, () => void navigate({ to: place.to })] as const);
    return { ...Object.fromEntries(places), "?": () => setHelp(true) };
  }, [me, navigate]);
  useHotkeys(hotkeys);

  return (
    <AppShell
      header={{ height: { base: 48, sm: 0 } }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }}
      layout="alt"
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <AppShell.Header component="section" aria-label="Top bar" hiddenFrom="sm">
        <Group h="100%" px="sm" gap="sm" wrap="nowrap">
          <Burger opened={opened} onClick={menu.toggle} size="sm" aria-label="Navigation" aria-expanded={opened} />
          <Logo />
          <Text fw={600} className="truncate" style={{ flex: 1 }}>
            {me.organization.name}
          </Text>
          <UnstyledButton aria-label="Search and commands" onClick={spotlight.open} p={6} display="flex">
            <IconSearch size={18} />
          </UnstyledButton>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p={10} component="div">
        <AppShell.Section grow component={ScrollArea} type="never">
          <Sidebar.Top onClose={menu.close} />
          <Sidebar.Places />
        </AppShell.Section>
        <Sidebar.Foot live={live} onHelp={() => setHelp(true)} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Palette />
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
    </AppShell>
  );
}
