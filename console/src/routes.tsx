import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError, SUSPENDED } from "@/api/client";
import { meQuery } from "@/api/session";
import { takeHandedOver } from "@/api/supabase";
import { CrashPage, NotFoundPage } from "@/areas/session/ErrorPages";
import { AppFrame } from "@/areas/session/AppFrame";
import { parseSearch, pick, safeReturnPath, stringifySearch } from "@/search";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/**
 * Whoever is signed in already stays who they are: a link that somebody else made must not put a person into another
 * account unawares.
 */
async function leaveIfSignedIn({ context, search }: { context: { queryClient: QueryClient }; search: { next?: string } }): Promise<void> {
  const me = await context.queryClient.ensureQueryData(meQuery).catch(() => null);
  if (!me) return;
  takeHandedOver();
  throw redirect({ href: safeReturnPath(search.next) });
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: pick("next"),
  beforeLoad: leaveIfSignedIn,
  component: lazyRouteComponent(() => import("@/areas/session/SignInPage"), "SignInPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("@/areas/session/InvitationPage"), "InvitationPage"),
});

const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  component: lazyRouteComponent(() => import("@/areas/session/PasswordPage"), "PasswordPage"),
});

/** Everything behind the sign-in. */
const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: AppFrame,
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === SUSPENDED) return undefined;
      throw error;
    });
    if (me === null) throw redirect({ to: "/sign-in", search: location.href === "/" ? {} : { next: location.href } });
  },
});

const inApp = { getParentRoute: () => app };

const pages = [
  createRoute({
    ...inApp,
    path: "/",
    validateSearch: pick("days"),
    component: lazyRouteComponent(() => import("@/areas/overview/OverviewPage"), "OverviewPage"),
  }),
  createRoute({
    ...inApp,
    path: "/alerts",
    validateSearch: pick("status", "severity", "source", "assigned_to", "q", "issue_id", "since", "until", "node_id"),
    component: lazyRouteComponent(() => import("@/areas/alerts/AlertsPage"), "AlertsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/alerts/$alertId",
    component: lazyRouteComponent(() => import("@/areas/alerts/AlertPage"), "AlertPage"),
  }),
  createRoute({
    ...inApp,
    path: "/issues",
    validateSearch: pick("status", "severity", "assigned_to", "is_real_issue", "q", "node_id"),
    component: lazyRouteComponent(() => import("@/areas/issues/IssuesPage"), "IssuesPage"),
  }),
  createRoute({
    ...inApp,
    path: "/issues/$issueId",
    validateSearch: pick("run", "step"),
    component: lazyRouteComponent(() => import("@/areas/issues/IssuePage"), "IssuePage"),
  }),
  createRoute({
    ...inApp,
    path: "/skills",
    validateSearch: pick("status", "q"),
    component: lazyRouteComponent(() => import("@/areas/skills/SkillsPage"), "SkillsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/skills/new",
    component: lazyRouteComponent(() => import("@/areas/skills/SkillPage"), "NewSkillPage"),
  }),
  createRoute({
    ...inApp,
    path: "/skills/$skillId",
    component: lazyRouteComponent(() => import("@/areas/skills/SkillPage"), "SkillPage"),
  }),
  createRoute({
    ...inApp,
    path: "/bindings",
    validateSearch: pick("edit"),
    component: lazyRouteComponent(() => import("@/areas/bindings/BindingsPage"), "BindingsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/tools",
    component: lazyRouteComponent(() => import("@/areas/tools/ToolsPage"), "ToolsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/tools/new",
    component: lazyRouteComponent(() => import("@/areas/tools/ToolPage"), "NewToolPage"),
  }),
  createRoute({
    ...inApp,
    path: "/tools/$toolId",
    component: lazyRouteComponent(() => import("@/areas/tools/ToolPage"), "ToolPage"),
  }),
  createRoute({
    ...inApp,
    path: "/receivers",
    validateSearch: pick("edit"),
    component: lazyRouteComponent(() => import("@/areas/receivers/ReceiversPage"), "ReceiversPage"),
  }),
  createRoute({
    ...inApp,
    path: "/receivers/$receiverId",
    component: lazyRouteComponent(() => import("@/areas/receivers/ReceiverPage"), "ReceiverPage"),
  }),
  createRoute({
    ...inApp,
    path: "/members",
    validateSearch: pick("invite"),
    component: lazyRouteComponent(() => import("@/areas/members/MembersPage"), "MembersPage"),
  }),
  createRoute({
    ...inApp,
    path: "/account",
    component: lazyRouteComponent(() => import("@/areas/account/AccountPage"), "AccountPage"),
  }),
  createRoute({
    ...inApp,
    path: "/teams",
    validateSearch: pick("under"),
    component: lazyRouteComponent(() => import("@/areas/teams/TeamsPage"), "TeamsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/tokens",
    validateSearch: pick("create"),
    component: lazyRouteComponent(() => import("@/areas/tokens/TokensPage"), "TokensPage"),
  }),
  createRoute({
    ...inApp,
    path: "/settings",
    component: lazyRouteComponent(() => import("@/areas/settings/SettingsPage"), "SettingsPage"),
  }),
  createRoute({
    ...inApp,
    path: "/audit",
    validateSearch: pick("actor", "action", "subject_type", "subject_id"),
    component: lazyRouteComponent(() => import("@/areas/audit/AuditPage"), "AuditPage"),
  }),
  createRoute({
    ...inApp,
    path: "/jobs",
    validateSearch: pick("tab", "queue"),
    component: lazyRouteComponent(() => import("@/areas/jobs/JobsPage"), "JobsPage"),
  }),
] as const;

const routeTree = root.addChildren([signIn, invitation, password, app.addChildren(pages)]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: CrashPage,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
