import { describe, expect, test } from "vitest";
import type { Alert } from "@/api/types";
import { sinceChoice, sinceTime } from "./filters";
import { historyOf } from "./history";
import { summarizeLabels } from "./labels";

const now = new Date("2026-11-21T12:00:40Z");

describe("the span of the list", () => {
  test.each(["", "1", "24", "168"])("the choice %j survives its way through the address", (choice) => {
    expect(sinceChoice(sinceTime(choice, now), now)).toBe(choice);
  });

  test("is cut to the minute", () => {
    expect(sinceTime("24", now)).toBe("2026-11-20T12:00:00Z");
  });

  test("a start that is no time is no span", () => {
    expect(sinceChoice("yesterday", now)).toBe("");
  });
});

test("a row shows the labels that say where, not those it shows anyway", () => {
  const labels = { alertname: "X", severity: "high", zone: "a", pod: "api-1", namespace: "pay", cluster: "eu" };
  expect(summarizeLabels(labels)).toBe("namespace=pay pod=api-1 cluster=eu");
});

describe("the history of an alert", () => {
  const alert = {
    status: "resolved", received_at: "2026-11-21T10:00:00Z", last_seen_at: "2026-11-21T11:00:00Z", occurrences: 3,
    issues: [{ id: "i", title: "It broke", status: "resolved", created_at: "2026-11-21T10:00:05Z" }],
    resolved_at: "2026-11-21T11:30:00Z", resolved_by: null,
  } as unknown as Alert;

  test("tells what its record knows", () => {
    expect(historyOf(alert).map((event) => event.what)).toEqual(["Received", "Last seen", "Issue: It broke", "Resolved"]);
  });

  test("names the source where no person resolved it", () => {
    expect(historyOf(alert).at(-1)?.who).toBe("the source");
  });
});
