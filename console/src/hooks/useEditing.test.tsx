import { QueryClient, QueryClientProvider, useMutation } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { ApiError, type Edit, type Tagged } from "@/api/client";
import { useGuardedSave } from "./useEditing";

type Answer = Tagged<{ text: string }>;

const changed = new ApiError({ type: "", title: "Changed in the meantime", status: 412, code: "changed_meanwhile", detail: "" });

function edit(loaded: string | null, ...answers: (Answer | ApiError)[]) {
  const mutationFn = vi.fn<(edit: Edit<string>) => Promise<Answer>>();
  for (const answer of answers) mutationFn.mockImplementationOnce(() => (answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer)));
  const onSaved = vi.fn();
  const onFailed = vi.fn();
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const hook = renderHook(({ tag }) => useGuardedSave(useMutation({ mutationFn }), tag, { onSaved, onFailed }), { wrapper, initialProps: { tag: loaded } });
  const tags = () => mutationFn.mock.calls.map(([{ etag }]) => etag);
  return { ...hook, tags, onSaved, onFailed };
}

test("each save names the state that it changes", async () => {
  const form = edit('"1"', { text: "a", etag: '"2"' }, { text: "b", etag: '"3"' });
  act(() => form.result.current.save("a"));
  await waitFor(() => expect(form.onSaved).toHaveBeenCalledTimes(1));
  form.rerender({ tag: '"2"' });
  act(() => form.result.current.save("b"));
  await waitFor(() => expect(form.onSaved).toHaveBeenCalledTimes(2));
  expect(form.tags()).toEqual(['"1"', '"2"']);
  form.rerender({ tag: '"3"' });
  expect(form.result.current.conflict).toBe(false);
});

test("a refused save is a conflict and no failure, and overwriting names no state", async () => {
  const form = edit('"1"', changed, { text: "mine", etag: '"3"' });
  act(() => form.result.current.save("mine"));
  await waitFor(() => expect(form.result.current.conflict).toBe(true));
  expect(form.onFailed).not.toHaveBeenCalled();
  act(() => form.result.current.overwrite("mine"));
  await waitFor(() => expect(form.onSaved).toHaveBeenCalled());
  expect(form.tags()).toEqual(['"1"', null]);
  form.rerender({ tag: '"3"' });
  expect(form.result.current.conflict).toBe(false);
});

test("a newer state in the cache is a conflict before anything is sent", () => {
  const form = edit('"1"');
  form.rerender({ tag: '"2"' });
  expect(form.result.current.conflict).toBe(true);
});

test("a server without tags takes every save, and other refusals stay failures", async () => {
  const form = edit(null, { text: "a", etag: null }, new ApiError({ ...changed.problem, status: 422, code: "invalid" }));
  act(() => form.result.current.save("a"));
  await waitFor(() => expect(form.onSaved).toHaveBeenCalled());
  act(() => form.result.current.save("b"));
  await waitFor(() => expect(form.onFailed).toHaveBeenCalled());
  expect(form.tags()).toEqual([null, null]);
  expect(form.result.current.conflict).toBe(false);
});
