import { expect, test } from "vitest";
import { subjectOf } from "./subject";

const line = { subject_type: "setting", subject_id: "0199c0de-0000-7000-8000-0000782d1276" };

test("a line about a setting names its key and what it became", () => {
  expect(subjectOf({ ...line, after: { key: "issues.kept_days", value: 30 } })).toBe("issues.kept_days = 30");
  expect(subjectOf({ ...line, after: { key: "issues.kept_days", value: null } })).toBe("issues.kept_days = none");
});

test("any other line has the end of its subject's id", () => {
  expect(subjectOf({ ...line, subject_type: "issue", after: { status: "resolved" } })).toBe("782d1276");
});
