import { queryOptions } from "@tanstack/react-query";
import { api, ApiError, call } from "./client";
import { type Credentials, useEntry } from "./session";
import { type HandedOver, supabaseToken } from "./supabase";
import type { Me, SupabaseMethod } from "./types";

/** Supabase knows who this is, but they have yet to accept an invitation here. Its session is needed for that. */
export class InvitationPending extends Error {
  readonly token: string;

  constructor(token: string, refusal: ApiError) {
    super(refusal.message);
    this.name = "InvitationPending";
    this.token = token;
  }
}

interface Entry {
  access_token: string;
  organization?: string;
  /** The invitation to accept first. */
  accept?: string;
}

async function enter(body: Entry): Promise<Me> {
  try {
    return await call(api.POST("/api/v1/auth/supabase", { body }));
  } catch (error) {
    if (error instanceof ApiError && error.code === "invitation_pending") throw new InvitationPending(body.access_token, error);
    throw error;
  }
}

/** Signs in at Supabase first, and with its session here. */
export function useSupabaseSignIn() {
  return useEntry(async ({ method, email, password, organization }: Credentials & { method: SupabaseMethod }) =>
    enter({ access_token: await supabaseToken(method, email, password), organization }),
  );
}

/** Signs in with what Supabase's own pages handed over. */
export function useHandedOver() {
  return useEntry(async (handed: HandedOver) => {
    if ("refusal" in handed) throw new Error(handed.refusal);
    return enter({ access_token: handed.token });
  });
}

/** Accepts an invitation with a session of Supabase, and enters by it. */
export function useAcceptWithSupabase(access_token: string) {
  return useEntry((accept: string) => enter({ access_token, accept }));
}

/** The open invitations of whoever a session of Supabase belongs to. Asked once, when it is looked at. */
export const supabaseInvitationsQuery = (access_token: string) =>
  queryOptions({
    // The session itself is no key: keys are shown by developer tools.
    queryKey: ["supabase-invitations"] as const,
    gcTime: 0,
    queryFn: () => call(api.POST("/api/v1/auth/supabase/invitations", { body: { access_token } })),
  });
