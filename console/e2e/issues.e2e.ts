/* An issue and its investigation. */
import { describe, expect, test, vi } from "vitest";
import { concludedIssue, listed, send, postAlerts } from "./api";
import { inBrowser, mocked, open } from "./browser";

const tab = inBrowser();

describe("an issue", () => {
  test("shows its answer, and each claim leads to the step it rests on", async () => {
    await open(tab.page, `/issues/${await concludedIssue(tab.page)}`);
    const conclusion = tab.page.getByRole("region", { name: "Conclusion" });
    await conclusion.waitFor();
    const steps = tab.page.getByRole("list", { name: "Steps" });
    await steps.getByRole("heading", { name: /Matched the skill|No skill matched/ }).waitFor();
    const evidence = conclusion.getByRole("link", { name: /^step \d+$/ }).first();
    const seq = (await evidence.innerText()).replace("step ", "");
    await evidence.click();
    await tab.page.waitForURL(new RegExp(`step=${seq}`));
    await steps.locator(`[data-seq="${seq}"][data-lit]`).waitFor();
  });

  test("is resolved with a reason that its history keeps", async () => {
    const { page } = tab;
    const reason = `Rolled back, says test ${Date.now()}`;
    await open(page, `/issues/${await concludedIssue(page)}`);
    await page.getByRole("button", { name: "Resolve" }).click();
    const field = page.getByLabel("Reason (optional)");
    await field.fill(reason);
    await field.press("Enter");
    const line = page.getByRole("region", { name: "History" }).getByRole("listitem").filter({ hasText: reason });
    await line.getByText("Resolved").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Resolve" }).waitFor({ state: "detached" });
  });

  test("is erased for ever by an admin, once it is closed", async () => {
    const { page } = tab;
    const mark = await postAlerts(page, 1);
    // The mock opens no issues by itself.
    if (mocked) await send(page, "POST", `/alerts/${(await listed(page, `/alerts?q=${mark}`))[0]!.id}/investigate`);
    const issue = await vi.waitFor(
      async () => {
        const [found] = await listed(page, `/issues?q=${mark}`);
        if (!found) throw new Error("The issue is not there yet");
        return found;
      },
      { timeout: 20_000, interval: 250 },
    );
    await open(page, `/issues/${issue.id}`);
    await page.getByRole("button", { name: "More actions" }).click();
    expect(await page.getByRole("menuitem", { name: "Erase… (close it first)" }).isDisabled()).toBe(true);
    await page.keyboard.press("Escape");
    await send(page, "POST", `/issues/${issue.id}/resolve`, {});
    await open(page, `/issues/${issue.id}`);
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Erase…" }).click();
    await page.getByRole("button", { name: "Erase for ever" }).click();
    await page.getByRole("heading", { name: /^Erased · opened \d/ }).waitFor();
    for (const name of ["Resolve", "False positive", "Reprocess", "More actions"]) expect(await page.getByRole("button", { name }).count(), name).toBe(0);
    await expect.poll(() => page.getByText(mark).count()).toBe(0);
    await open(page, "/issues");
    await page.getByRole("link", { name: /^Erased · opened \d/ }).first().waitFor();
  });

  test("is processed again while one looks on, and the earlier run stays", async () => {
    await open(tab.page, `/issues/${await concludedIssue(tab.page)}`);
    const steps = tab.page.getByRole("list", { name: "Steps" });
    await steps.waitFor();
    const before = tab.page.url();
    await tab.page.getByRole("button", { name: "Reprocess" }).click();
    await tab.page.getByText("A new run has begun").waitFor();
    const runs = tab.page.getByRole("combobox", { name: "Run" }).or(tab.page.getByRole("textbox", { name: "Run" })).first();
    await runs.waitFor();
    await tab.page.getByRole("region", { name: "Conclusion" }).waitFor({ timeout: 60_000 });
    expect(new URL(tab.page.url()).pathname).toBe(new URL(before).pathname);
    await runs.click();
    expect(await tab.page.getByRole("option").count()).toBeGreaterThan(1);
    await tab.page.getByRole("option").last().click();
    await tab.page.waitForURL(/run=/);
  });
});
