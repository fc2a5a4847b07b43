/* What is around every page: menus, the palette, the keys. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { concludedIssue } from "./api";
import { expectAccessible, inBrowser, open } from "./browser";

const tab = inBrowser();

test("menus and the palette are accessible while they are open", async () => {
  await open(tab.page, "/");
  await tab.page.keyboard.press("Control+k");
  await tab.page.getByPlaceholder("Search places, issues and commands").waitFor();
  await expectAccessible(tab.page);
  await tab.page.keyboard.press("Escape");
  await tab.page.getByRole("button", { name: "Account", exact: true }).click();
  await tab.page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  // An open menu lies over the page and belongs to no region of it.
  await expectAccessible(tab.page, "region");
});

test("the palette and the keys lead everywhere", async () => {
  await open(tab.page, "/");
  await tab.page.keyboard.press("g");
  await tab.page.keyboard.press("i");
  await tab.page.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
  await tab.page.keyboard.press("Control+k");
  await tab.page.getByPlaceholder("Search places, issues and commands").fill("bindings");
  await tab.page.keyboard.press("Enter");
  await tab.page.waitForURL(/\/bindings/);
  await tab.page.getByRole("heading", { name: "Bindings", level: 1 }).waitFor();
  await tab.page.getByPlaceholder("Search places, issues and commands").waitFor({ state: "hidden" });
  await tab.page.keyboard.press("?");
  await tab.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

test.runIf(process.env["SCREENSHOT"] === "1")("the picture of the README", async () => {
  const target = fileURLToPath(new URL("../../docs/images/console.png", import.meta.url));
  mkdirSync(dirname(target), { recursive: true });
  await open(tab.page, `/issues/${await concludedIssue(tab.page)}`);
  await tab.page.getByRole("region", { name: "Conclusion" }).waitFor();
  await tab.page.getByRole("status").getByText("Live").waitFor();
  await tab.page.screenshot({ path: target });
});
