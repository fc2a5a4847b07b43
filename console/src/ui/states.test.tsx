import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { ApiError } from "@/api/client";
import { show } from "@/test/show";
import { Loaded } from "./states";

const query = { data: undefined, error: null, isPending: true, refetch: vi.fn() };
const problem = (status: number, code: string) => new ApiError({ type: "", title: "It failed", status, code, detail: "Because." });

test("says that it is loading", () => {
  show(<Loaded query={query}>{() => "data"}</Loaded>);
  expect(screen.getByRole("status", { name: "Loading" })).toBeDefined();
});

test("a failure shows detail and code, and can be tried again", async () => {
  const refetch = vi.fn();
  show(<Loaded query={{ ...query, error: problem(500, "internal"), refetch }}>{() => "data"}</Loaded>);
  expect(screen.getByRole("alert").textContent).toContain("Because.");
  expect(screen.getByText("internal")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("a refusal is no failure: it names what the role lacks", () => {
  show(<Loaded query={{ ...query, error: problem(403, "forbidden") }}>{() => "data"}</Loaded>);
  expect(screen.getByText("Your role does not include this")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("what is not there is not asked for again", () => {
  show(<Loaded query={{ ...query, error: problem(404, "not_found") }}>{() => "data"}</Loaded>);
  expect(screen.getByText("There is nothing here")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("data that is there stays on screen when reading it again fails", () => {
  show(<Loaded query={{ ...query, data: "rows", error: problem(500, "internal") }}>{(data) => data}</Loaded>);
  expect(screen.getByText("rows")).toBeDefined();
});
