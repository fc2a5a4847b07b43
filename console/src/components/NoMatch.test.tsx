import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/test/show";
import { NoMatch } from "./NoMatch";

test("a search that finds nothing says how a search finds something", () => {
  show(<NoMatch what="alert" q="out" onClear={() => {}} />);
  screen.getByText(/each as the beginning of a word/);
});

test("filters alone need no word about searching", () => {
  show(<NoMatch what="alert" q={undefined} onClear={() => {}} />);
  screen.getByText("No alert matches these filters");
  expect(screen.queryByText(/word/)).toBeNull();
});
