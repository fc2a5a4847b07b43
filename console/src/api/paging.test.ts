import { expect, test } from "vitest";
import { rowsOf, withoutEmpty } from "./paging";

test("a row that moved between pages appears once, as it was last read", () => {
  const pages = [{ items: [{ id: "a", n: 1 }, { id: "b", n: 1 }] }, { items: [{ id: "b", n: 2 }, { id: "c", n: 1 }] }];
  expect(rowsOf({ pages, pageParams: [] }, (row) => row.id)).toEqual([{ id: "a", n: 1 }, { id: "b", n: 2 }, { id: "c", n: 1 }]);
});

test("empty filters are no filters", () => {
  expect(withoutEmpty({ status: "", q: undefined, severity: "high" })).toEqual({ severity: "high" });
});
