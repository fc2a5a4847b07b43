import { renderHook } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { useHotkeys } from "./useHotkeys";

test("single keys and sequences do what they are for", async () => {
  const [go, next] = [vi.fn(), vi.fn()];
  renderHook(() => useHotkeys({ "g a": go, a: next }));
  await userEvent.keyboard("a");
  expect(next).toHaveBeenCalledOnce();
  await userEvent.keyboard("ga");
  expect(go).toHaveBeenCalledOnce();
  expect(next).toHaveBeenCalledOnce();
});

test("typing into a field commands nothing, nor do keys with Ctrl", async () => {
  const resolve = vi.fn();
  renderHook(() => useHotkeys({ r: resolve }));
  const field = document.createElement("input");
  document.body.append(field);
  await userEvent.type(field, "error");
  field.remove();
  await userEvent.keyboard("{Control>}r{/Control}");
  expect(resolve).not.toHaveBeenCalled();
});

test("keys rest while a dialog is open", async () => {
  const resolve = vi.fn();
  renderHook(() => useHotkeys({ r: resolve }));
  const dialog = document.createElement("div");
  dialog.setAttribute("role", "dialog");
  document.body.append(dialog);
  await userEvent.keyboard("r");
  dialog.remove();
  expect(resolve).not.toHaveBeenCalled();
});
