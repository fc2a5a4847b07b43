import { expect, test } from "vitest";
import { lineErrors } from "./line-errors";

test("of a refusal, the errors that name a line of the procedure are shown beside it", () => {
  const errors = [
    { pointer: "/sop:12", detail: "There is no tool named x" },
    { pointer: "/name", detail: "Already taken" },
  ];
  expect(lineErrors({ type: "", title: "", status: 422, code: "invalid_sop", detail: "", errors })).toEqual([{ line: 12, detail: "There is no tool named x" }]);
  expect(lineErrors({ type: "", title: "", status: 500, code: "internal", detail: "" })).toEqual([]);
});
