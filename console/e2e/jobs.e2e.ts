/* The queue in the hands of people: what they pause, cancel and have tried again. */
import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { postAlerts, send } from "./api";
import { expectAccessible, inBrowser, mocked, open } from "./browser";
import { startWebhook } from "./webhook";

const tab = inBrowser();

/** The queue in which investigations wait; the mock has something waiting in another. */
const RUNS = mocked ? "notify" : "runs";

const queueRow = (page: Page, queue: string) => page.getByRole("table", { name: "Queues" }).getByRole("row").filter({ hasText: queue });

async function letGoOn(page: Page, queue: string): Promise<void> {
  await send(page, "PATCH", `/jobs/queues/${queue}`, { paused: false, concurrency: null });
}

test("a queue is paused; a job that waits in it is cancelled; the queue goes on", async () => {
  const { page } = tab;
  await letGoOn(page, RUNS);
  try {
    await open(page, "/jobs");
    const row = queueRow(page, RUNS);
    await row.getByRole("button", { name: `Pause ${RUNS}` }).click();
    await row.getByText("Paused").waitFor();
    await postAlerts(page, 1);

    await page.getByRole("tab", { name: /^Waiting/ }).click();
    await page.getByRole("status", { name: "Paused queues" }).getByText(RUNS).waitFor();
    await page.getByRole("combobox", { name: "Queue" }).click();
    await page.getByRole("option", { name: RUNS }).click();
    await page.waitForURL(`**/jobs?tab=available&queue=${RUNS}`);
    const jobs = page.getByRole("table", { name: "Waiting jobs" });
    const cancel = jobs.getByRole("button", { name: /^Cancel / });
    await cancel.first().waitFor();
    const waiting = await cancel.count();
    await cancel.first().click();
    const question = page.getByRole("dialog", { name: /^Cancel .*\?$/ });
    await question.getByText("It is not run.").waitFor();
    await question.getByText(mocked ? "The message is not sent." : "ends as failed").waitFor();
    await question.getByRole("button", { name: "Leave it" }).click();
    await question.waitFor({ state: "detached" });
    expect(await cancel.count()).toBe(waiting);
    await cancel.first().click();
    await question.getByRole("button", { name: "Cancel the job" }).click();
    await page.getByText("The job is cancelled").waitFor();
    await page.getByRole("tab", { name: "Finished" }).click();
    await page.getByRole("table", { name: "Finished jobs" }).getByText("Cancelled").first().waitFor();

    await page.getByRole("tab", { name: "Queues" }).click();
    await row.getByRole("button", { name: `Resume ${RUNS}` }).click();
    await row.getByRole("button", { name: `Pause ${RUNS}` }).waitFor();
  } finally {
    await letGoOn(page, RUNS);
  }
});

test("a queue is limited by keyboard, and a limit that is none is refused", async () => {
  const { page } = tab;
  await open(page, "/jobs");
  const row = queueRow(page, "default");
  const edit = row.getByRole("button", { name: "Edit the limit of default" });
  const field = page.getByRole("textbox", { name: "Run at once in default" });
  const type = async (text: string) => {
    await edit.press("Enter");
    await field.fill(text);
    await field.press("Enter");
  };
  await type("0");
  await page.getByText("Enter a whole number from 1 to 1,000").waitFor();
  await expectAccessible(page);
  await field.press("Escape");
  await field.waitFor({ state: "detached" });
  await type("12");
  await row.getByText("of 12").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Edit the limit of default");
  await type("");
  await row.getByText("none").waitFor();
});

/** Has a message to a receiver given up, and lets the next one through; answers what the letter says. */
async function deadLetter(page: Page): Promise<{ said: string; stop: () => void }> {
  if (mocked) return { said: "sign match fail", stop: () => undefined };
  const said = `closed ${Date.now()}`;
  const chat = await startWebhook(inject("mcpPort"), said);
  const receiver_im = `hook-${Date.now()}`;
  const { id } = await send<{ id: string }>(page, "POST", "/receivers", { name: receiver_im, receiver_im, im_type: "slack", transport: "webhook", webhook_url: chat.url, status: "active" });
  await postAlerts(page, 1, { receiver: receiver_im });
  await page.getByRole("table", { name: "Dead letters" }).getByText(said).first().waitFor({ timeout: 60_000 });
  chat.open();
  const stop = () => {
    chat.stop();
    return send(page, "DELETE", `/receivers/${id}`);
  };
  return { said, stop };
}

test("a dead letter shows its attempts, is run again, and says how that went", async () => {
  const { page } = tab;
  await open(page, "/jobs?tab=dead");
  const { said, stop } = await deadLetter(page);
  try {
    const letters = page.getByRole("table", { name: "Dead letters" }).getByRole("row").filter({ hasText: said });
    const left = letters.filter({ has: page.getByRole("button", { name: /^Run again/ }) });
    const before = await left.count();
    await left.first().getByRole("button", { name: /failed attempt/ }).click();
    await left.first().getByRole("listitem").filter({ hasText: said }).first().waitFor();
    await left.first().getByRole("button", { name: /^Run again/ }).click();
    await letters.getByText("Completed").first().waitFor();
    expect(await left.count()).toBe(before - 1);
    await page.getByRole("tab", { name: "Finished" }).click();
    await page.getByRole("table", { name: "Finished jobs" }).getByRole("row").filter({ hasText: "deliver" }).filter({ hasText: "Completed" }).first().waitFor();
  } finally {
    await stop();
  }
});

test("periodic tasks say how they went", async () => {
  await open(tab.page, "/jobs?tab=cron");
  const tasks = tab.page.getByRole("table", { name: "Periodic tasks" });
  const row = tasks.getByRole("row").filter({ hasText: "sweep_runs" });
  await row.getByText("every minute").waitFor();
  await row.getByText("Succeeded").waitFor();
});
