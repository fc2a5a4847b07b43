import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { keys } from "@/api/keys";
import type { Me } from "@/api/types";
import { theme } from "@/theme";

/** A signed-in caller with just these permissions. */
export function caller(...permissions: string[]): Me {
  const organization = { id: "o1", slug: "acme", name: "Acme" };
  const user = { id: "u1", email: "a@acme.test", name: "Ada", avatar_url: null, email_verified: true, has_password: true };
  return { organization, organizations: [organization], role: "member", permissions, nodes: [], csrf_token: "t", token: null, user };
}

/** Draws a component as a signed-in caller sees it. */
export function show(element: ReactNode, me: Me = caller()) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(keys.me, me);
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client}>{element}</QueryClientProvider>
    </MantineProvider>,
  );
}
