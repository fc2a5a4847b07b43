import { expect, test } from "vitest";
import { issueTitle } from "./issue-title";

test("erased issues are told apart by the day on which they were opened", () => {
  const issue = { title: "Disk full", created_at: "2026-03-03T12:00:00Z" };
  expect(issueTitle(issue)).toBe("Disk full");
  expect(issueTitle({ ...issue, title: "Erased", erased_at: "2026-04-01T12:00:00Z" })).toBe("Erased · opened 3 Mar 2026");
});
