/* The list of alerts and what is done with them. */
import { describe, expect, test } from "vitest";
import { postAlerts } from "./api";
import { inBrowser, open } from "./browser";

const tab = inBrowser();

describe("alerts", () => {
  test("are filtered by the address, and filters are written into it", async () => {
    await open(tab.page, "/alerts?severity=critical");
    await tab.page.getByRole("button", { name: "Severity: Critical" }).waitFor();
    await tab.page.getByRole("button", { name: "Status" }).click();
    await tab.page.getByRole("checkbox", { name: /^Resolved/ }).check();
    await tab.page.waitForURL(/severity=critical/);
    await tab.page.waitForURL(/status=resolved/);
  });

  test("are walked through and opened by keyboard", async () => {
    await open(tab.page, "/alerts");
    await tab.page.getByRole("grid", { name: "Alerts" }).waitFor();
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("x");
    await tab.page.getByRole("toolbar").getByText("1 alert selected").waitFor();
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("x");
    await tab.page.getByRole("toolbar").getByText("2 alerts selected").waitFor();
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("toolbar").waitFor({ state: "detached" });
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
    await tab.page.getByRole("region", { name: "As it was received" }).waitFor();
  });

  test("are drawn only where they are seen, however many there are, and all can be reached", async () => {
    const mark = await postAlerts(tab.page, 300);
    await open(tab.page, `/alerts?q=${mark}`);
    const grid = tab.page.getByRole("grid", { name: "Alerts" });
    const first = await grid.getByRole("row").nth(1).getAttribute("id");
    // Its end is known, and told to those who cannot see it, once the last page is read.
    await expect.poll(async () => {
      await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return grid.getAttribute("aria-rowcount");
    }, { timeout: 30_000 }).toBe("301");
    await grid.locator('[aria-rowindex="301"]').waitFor();
    await tab.page.locator(`[id="${first}"]`).waitFor({ state: "detached" });
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
  });

  test("are resolved in bulk with a reason; it can be undone, and each refusal is named", async () => {
    const mark = await postAlerts(tab.page, 2);
    await open(tab.page, `/alerts?q=${mark}`);
    const rows = tab.page.getByRole("row").filter({ hasText: mark });
    const select = (index: number) => rows.nth(index).getByRole("checkbox").click();
    const resolve = async (reason: string) => {
      await tab.page.getByRole("toolbar").getByRole("button", { name: "Resolve", exact: true }).click();
      const field = tab.page.getByLabel("Reason (optional)");
      await field.fill(reason);
      await field.press("Enter");
    };
    await select(0);
    await select(1);
    await resolve("Only a test");
    await tab.page.getByText("2 alerts resolved").waitFor();
    await rows.filter({ hasText: "Resolved" }).nth(1).waitFor();
    await tab.page.getByRole("button", { name: "Undo" }).click();
    await tab.page.getByText("2 alerts reopened").waitFor();
    await rows.filter({ hasText: "Resolved" }).first().waitFor({ state: "detached" });

    await select(0);
    await resolve("");
    await rows.filter({ hasText: "Resolved" }).waitFor();
    await select(0);
    await select(1);
    await resolve("");
    const refusals = tab.page.getByRole("dialog", { name: "1 alert could not be resolved" });
    await refusals.getByText("the alert is resolved already; reopen it first").waitFor();
    await tab.page.keyboard.press("Escape");

    await rows.first().getByRole("link").click();
    const history = tab.page.getByRole("region", { name: "History" });
    await history.getByText("Only a test").waitFor();
    await history.getByText("Received").waitFor();
  });

  test("are resolved by keyboard without giving a reason, or not after all", async () => {
    const mark = await postAlerts(tab.page, 1);
    await open(tab.page, `/alerts?q=${mark}`);
    const row = tab.page.getByRole("row").filter({ hasText: mark });
    await row.waitFor();
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("r");
    await tab.page.getByRole("dialog", { name: /^Resolve/ }).waitFor();
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await row.filter({ hasText: "Resolved" }).count()).toBe(0);
    await tab.page.keyboard.press("r");
    await tab.page.getByRole("dialog", { name: /^Resolve/ }).waitFor();
    await tab.page.keyboard.press("Enter");
    await row.filter({ hasText: "Resolved" }).waitFor();
  });
});
