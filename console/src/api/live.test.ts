import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EventParser } from "./event-stream";
import { keys } from "./keys";
import { Invalidator, staleKeys } from "./live";

describe("what an event makes stale", () => {
  test.each([
    ["alert.received.v1", [keys.alerts.lists, keys.alerts.facets, keys.alerts.one("s"), keys.overview]],
    ["issue.concluded.v1", [keys.issues.lists, keys.issues.one("s"), keys.issues.runs("s"), keys.alerts.lists, keys.history.of("s"), keys.auditAll, keys.overview]],
    ["alert.changed.v1", [keys.alerts.lists, keys.alerts.facets, keys.alerts.one("s"), keys.overview, keys.history.of("s"), keys.auditAll]],
    ["skill.updated.v1", [keys.skills.all, keys.bindings]],
    ["receiver.failed.v1", [keys.receivers.all, keys.overview]],
    ["member.node_set.v1", [keys.members, keys.me]],
    ["member.signed_in.v1", [keys.members, keys.sessions]],
    ["invitation.accepted.v1", [keys.invitations]],
    ["organization.renamed.v1", [keys.organization, keys.me]],
    ["organization.queue_changed.v1", [keys.jobs.queues]],
    ["job.cancelled.v1", [keys.jobs.all, keys.overview]],
    ["job.replayed.v1", [keys.jobs.all, keys.overview]],
    ["something.else.v1", []],
  ])("%s", (kind, expected) => {
    expect(staleKeys({ kind, subject_id: "s" })).toEqual(expected);
  });

  test("a step is read again with its run alone", () => {
    expect(staleKeys({ kind: "run.step_recorded.v1", subject_id: "r1", payload: { run_id: "r1" } })).toEqual([keys.runs.one("r1")]);
  });

  test("a run that ends is read again with its issue", () => {
    expect(staleKeys({ kind: "run.concluded.v1", subject_id: "r1", payload: { subject_type: "issue", subject_id: "i1" } })).toEqual([
      keys.runs.one("r1"),
      keys.issues.one("i1"),
      keys.issues.runs("i1"),
    ]);
  });
});

describe("a burst of events", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("reads each list again once", () => {
    const client = new QueryClient();
    const invalidate = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
    const invalidator = new Invalidator(client, 300);
    for (let count = 0; count < 1_000; count += 1) invalidator.add({ kind: "alert.received.v1", subject_id: "same" });
    expect(invalidate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(300);
    expect(invalidate).toHaveBeenCalledTimes(4);
    vi.advanceTimersByTime(3_000);
    expect(invalidate).toHaveBeenCalledTimes(4);
  });
});

describe("the event stream", () => {
  const text = ': hello\n\nid: 7\nevent: alert.received.v1\ndata: {"a":1}\n\nevent: x\r\ndata: one\r\ndata: two\r\n\r\n';
  const expected = [
    { id: "7", kind: "alert.received.v1", data: '{"a":1}' },
    { id: null, kind: "x", data: "one\ntwo" },
  ];

  test("is cut into events", () => {
    expect(new EventParser().push(text)).toEqual(expected);
  });

  test("gives the same events in whatever pieces it arrives", () => {
    for (let size = 1; size < text.length; size += 1) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
      expect(events, `pieces of ${size}`).toEqual(expected);
    }
  });

  test("keeps an unfinished event until its end", () => {
    const parser = new EventParser();
    expect(parser.push("data: half")).toEqual([]);
    expect(parser.push(" more\n\n")).toEqual([{ id: null, kind: "message", data: "half more" }]);
  });
});
