import "@fontsource/ibm-plex-sans/latin-400.css";
import "@fontsource/ibm-plex-sans/latin-500.css";
import "@fontsource/ibm-plex-sans/latin-600.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./theme.css";
import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError, onSignedOut, onSuspended } from "@/api/client";
import { keys } from "@/api/keys";
import { watchLinkSecrets } from "@/api/link-secret";
import { receiveHandedOver } from "@/api/supabase";
import { makeRouter } from "@/routes";
import { cssVariablesResolver, theme } from "@/theme";

// Before the router reads the address.
receiveHandedOver(globalThis.window);
watchLinkSecrets(globalThis.window);

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; only a lost connection or a broken server is worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
const router = makeRouter(queryClient);

onSignedOut(() => {
  queryClient.setQueryData(keys.me, null);
  void router.invalidate();
});
onSuspended(() => queryClient.setQueryData(keys.suspended, true));
queryClient.getQueryCache().subscribe(({ query, type }) => {
  const signedOut = type === "updated" && query.queryKey[0] === keys.me[0] && query.state.data === null;
  if (signedOut && router.state.location.pathname !== "/sign-in") void router.invalidate();
});

const container = document.getElementById("root");
if (!container) throw new Error("index.html has no #root");
createRoot(container).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ModalsProvider modalProps={{ closeButtonProps: { "aria-label": "Close" } }}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
