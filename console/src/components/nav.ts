import {
  IconBell,
  IconBook2,
  IconBroadcast,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconListSearch,
  IconRouteSquare,
  IconSettings,
  IconSitemap,
  IconStack2,
  IconTool,
  IconUsers,
  type IconProps,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { may, type Rights } from "@/api/rights";

export interface Place {
  label: string;
  to: "/" | "/alerts" | "/issues" | "/skills" | "/bindings" | "/tools" | "/receivers" | "/members" | "/teams" | "/tokens" | "/settings" | "/audit" | "/jobs";
  icon: ComponentType<IconProps>;
  permission: string;
  /** Pressed after "g". */
  key: string;
}

export interface PlaceGroup {
  label: string | null;
  places: Place[];
}

/** Every page a person can go to, in the order of the sidebar. */
export const placeGroups: PlaceGroup[] = [
  {
    label: null,
    places: [
      { label: "Overview", to: "/", icon: IconLayoutDashboard, permission: "alerts:read", key: "o" },
      { label: "Alerts", to: "/alerts", icon: IconBell, permission: "alerts:read", key: "a" },
      { label: "Issues", to: "/issues", icon: IconListSearch, permission: "issues:read", key: "i" },
    ],
  },
  {
    label: "Knowledge",
    places: [
      { label: "Skills", to: "/skills", icon: IconBook2, permission: "skills:read", key: "s" },
      { label: "Bindings", to: "/bindings", icon: IconRouteSquare, permission: "skills:read", key: "b" },
      { label: "Tools", to: "/tools", icon: IconTool, permission: "tools:read", key: "t" },
    ],
  },
  {
    label: "Organization",
    places: [
      { label: "Receivers", to: "/receivers", icon: IconBroadcast, permission: "receivers:read", key: "r" },
      { label: "Members", to: "/members", icon: IconUsers, permission: "members:read", key: "m" },
      { label: "Teams", to: "/teams", icon: IconSitemap, permission: "members:read", key: "n" },
      { label: "Tokens", to: "/tokens", icon: IconKey, permission: "tokens:read", key: "k" },
      { label: "Settings", to: "/settings", icon: IconSettings, permission: "settings:read", key: "e" },
      { label: "Audit", to: "/audit", icon: IconHistory, permission: "audit:read", key: "u" },
      { label: "Jobs", to: "/jobs", icon: IconStack2, permission: "jobs:read", key: "j" },
    ],
  },
];

/** The pages that somebody may see. */
export function placesFor(rights: Rights): Place[] {
  return placeGroups.flatMap((group) => group.places).filter((place) => may(rights, place.permission));
}
