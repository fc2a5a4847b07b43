import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/test/show";
import { Markdown } from "./Markdown";

test("what others wrote brings no elements, scripts or images of its own", () => {
  const text = '<script>alert(1)</script>\n\n<img src=x onerror="alert(1)">\n\n![logo](https://track.test/pixel.png)\n\n[click](javascript:alert(1))';
  const { container } = show(<Markdown text={text} />);
  expect(container.querySelector("script, img, iframe, [onerror]")).toBeNull();
  expect(screen.getByText("[image: logo]")).toBeDefined();
  expect(screen.getByText("click").getAttribute("href")).toBe("");
});

test("links open apart and headings stay out of the outline", () => {
  const { container } = show(<Markdown text={"# Title\n\n[wiki](https://wiki.test/a)"} />);
  expect(screen.getByRole("link").getAttribute("rel")).toContain("noopener");
  expect(container.querySelector("h1")).toBeNull();
});
