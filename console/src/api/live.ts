import type { QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { followEvents } from "./event-stream";
import { keys } from "./keys";

/** The part of an event that says what to read again. */
export interface Change {
  kind: string;
  subject_id?: string | null;
  payload?: Record<string, unknown> | null;
}

const COMING_AND_GOING = /^member\.(signed_in|signed_out|sessions_ended|password_set)\b/;

/** Which cached queries an event makes stale. An unknown kind touches nothing. */
export function staleKeys(change: Change): QueryKey[] {
  const [domain = ""] = change.kind.split(".");
  const id = change.subject_id ?? "";
  const issueId = change.payload?.["subject_type"] === "issue" ? text(change.payload["subject_id"]) : undefined;
  const runId = text(change.payload?.["run_id"]) ?? id;
  switch (domain) {
    case "alert": {
      const stale = [keys.alerts.lists, keys.alerts.facets, keys.alerts.one(id), keys.overview];
      // What people do to an alert is in its history; what arrives, in its thousands, is not.
      return change.kind.startsWith("alert.changed") ? [...stale, keys.history.of(id), keys.auditAll] : stale;
    }
    case "issue":
      return [keys.issues.lists, keys.issues.one(id), keys.issues.runs(id), keys.alerts.lists, keys.history.of(id), keys.auditAll, keys.overview];
    case "run":
      if (change.kind.startsWith("run.step_recorded")) return [keys.runs.one(runId)];
      return [keys.runs.one(runId), ...(issueId ? [keys.issues.one(issueId), keys.issues.runs(issueId)] : [keys.issues.all])];
    case "skill":
      return [keys.skills.all, keys.bindings];
    case "binding":
      return [keys.bindings, keys.skills.all];
    case "tool":
      return [keys.tools.all];
    case "receiver":
    case "delivery":
      return [keys.receivers.all, keys.overview];
    case "member":
      // Else it may be about what the reader may do.
      return COMING_AND_GOING.test(change.kind) ? [keys.members, keys.sessions] : [keys.members, keys.me];
    case "invitation":
      return [keys.invitations];
    case "token":
      return [keys.tokens];
    case "node":
      return [keys.nodes];
    case "organization":
      if (change.kind.startsWith("organization.queue_changed")) return [keys.jobs.queues];
      return [keys.organization, keys.me];
    case "configuration":
      return [keys.configurations];
    case "setting":
      return [keys.settings];
    case "job":
    case "dead_letter":
      return [keys.jobs.all, keys.overview];
    default:
      return [];
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Gathers stale keys for a moment, so that a burst of a thousand events reads each list again once. */
export class Invalidator {
  private readonly pending = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly client: QueryClient;
  private readonly delayMs: number;

  constructor(client: QueryClient, delayMs = 300) {
    this.client = client;
    this.delayMs = delayMs;
  }

  add(change: Change): void {
    for (const key of staleKeys(change)) this.pending.set(JSON.stringify(key), key);
    if (this.pending.size > 0) this.timer ??= setTimeout(() => this.flush(), this.delayMs);
  }

  flush(): void {
    this.stop();
    for (const queryKey of this.pending.values()) void this.client.invalidateQueries({ queryKey });
    this.pending.clear();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

export type LiveState = "connecting" | "live" | "polling";

const POLL_MS = 15_000;

/**
 * Keeps the cache fresh: by the event stream, or by asking again while the stream is down. A hidden tab
 * lets go of its connection (browsers allow six per host) and catches up when it is shown again.
 */
export function useLiveUpdates(): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");

  useEffect(() => {
    const invalidator = new Invalidator(client);
    let stop: (() => void) | undefined;
    const refresh = () => void client.invalidateQueries({ refetchType: "active" });
    let current: LiveState = "connecting";
    const show = (next: LiveState) => {
      current = next;
      setState(next);
    };
    const poll = setInterval(() => {
      if (stop && current === "polling") refresh();
    }, POLL_MS);
    const start = () => {
      stop = followEvents("/api/v1/events", {
        onOpen: () => show("live"),
        onLost: () => show("polling"),
        onReset: refresh,
        onEvent: (kind, data) => {
          const change = readChange(kind, data);
          if (change) invalidator.add(change);
        },
      });
    };
    const onVisibility = () => {
      stop?.();
      stop = undefined;
      if (document.hidden) return;
      start();
      refresh();
    };
    start();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      stop?.();
      invalidator.stop();
      clearInterval(poll);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [client]);

  return state;
}

function readChange(kind: string, data: string): Change | null {
  try {
    return { ...(JSON.parse(data) as Change), kind };
  } catch {
    return null;
  }
}
