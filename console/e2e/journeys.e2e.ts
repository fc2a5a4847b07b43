/* What people come here to do. Runs against the mock and against a server that has run the demo. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { account, baseUrl, concludedIssue, expectAccessible, launch, mocked, newContext, open, signedIn, watchErrors } from "./browser";

let browser: Browser;
let page: Page;
let errors: string[];
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await signedIn(browser);
  errors = watchErrors(page);
});
afterEach(async () => {
  await page.context().close();
  expect(errors).toEqual([]);
});

describe("signing in", () => {
  test("asks first, tells a wrong password, and goes on to the page that was wanted", async () => {
    const context = await newContext(browser);
    const visitor = await context.newPage();
    await visitor.goto(`${baseUrl}/issues?status=resolved`);
    await visitor.getByLabel("E-mail").fill(account.email);
    await visitor.getByLabel("Password", { exact: true }).fill("not the password");
    await visitor.getByRole("button", { name: "Sign in" }).click();
    await visitor.getByRole("alert").getByText("The e-mail or the password is wrong.").waitFor();
    await visitor.getByLabel("Password", { exact: true }).fill(account.password);
    await visitor.getByRole("button", { name: "Sign in" }).click();
    await visitor.waitForURL(`${baseUrl}/issues?status=resolved`);
    await visitor.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
    await context.close();
  });

  test("ends with signing out", async () => {
    const leaver = await signedIn(browser, { fresh: true });
    await open(leaver, "/");
    await leaver.getByRole("button", { name: "Account" }).click();
    await leaver.getByRole("menuitem", { name: "Sign out" }).click();
    await leaver.getByRole("button", { name: "Sign in" }).waitFor();
    await leaver.goto(`${baseUrl}/alerts`);
    await leaver.getByRole("button", { name: "Sign in" }).waitFor();
    await leaver.context().close();
  });
});

describe("alerts", () => {
  test("are filtered by the address, and filters are written into it", async () => {
    await open(page, "/alerts?severity=critical");
    await page.getByRole("button", { name: "Severity: Critical" }).waitFor();
    await page.getByRole("button", { name: "Status" }).click();
    await page.getByRole("checkbox", { name: /^Resolved/ }).check();
    await page.waitForURL(/severity=critical/);
    await page.waitForURL(/status=resolved/);
  });

  test("are walked through and opened by keyboard", async () => {
    await open(page, "/alerts");
    await page.getByRole("grid", { name: "Alerts" }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByRole("toolbar").getByText("1 alert selected").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByRole("toolbar").getByText("2 alerts selected").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("toolbar").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/alerts\/[0-9a-f-]{36}$/);
    await page.getByRole("region", { name: "As it was received" }).waitFor();
  });

  test.runIf(mocked)("are drawn only where they are seen, however many there are", async () => {
    await open(page, "/alerts");
    const grid = page.getByRole("grid", { name: "Alerts" });
    const firstRow = await grid.getByRole("row").nth(1).getAttribute("id");
    await grid.evaluate((element) => element.scrollTo(0, 1e6));
    await grid.evaluate((element) => new Promise((done) => (element.addEventListener("scrollend", done), setTimeout(done, 500))));
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
    expect(await page.locator(`[id="${firstRow}"]`).count()).toBe(0);
  });

  test.runIf(mocked)("are resolved in bulk, each refusal is named, and what was done can be undone", async () => {
    await open(page, "/alerts?status=open,resolved&q=node-exporter");
    const rows = page.getByRole("grid").getByRole("row");
    await rows.filter({ hasText: "Open" }).first().getByRole("checkbox").click();
    await rows.filter({ hasText: "Resolved" }).first().getByRole("checkbox").click();
    await page.getByRole("toolbar").getByRole("button", { name: "Resolve", exact: true }).click();
    await page.getByLabel("Reason (optional)").press("Enter");
    const refusals = page.getByRole("dialog", { name: /could not be resolved/ });
    await refusals.getByText("The alert is already resolved.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("1 alert resolved").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 alert reopened").waitFor();
  });
});

describe("an issue", () => {
  test("shows its answer, and each claim leads to the step it rests on", async () => {
    await open(page, `/issues/${await concludedIssue(page)}`);
    const conclusion = page.getByRole("region", { name: "Conclusion" });
    await conclusion.waitFor();
    const steps = page.getByRole("list", { name: "Steps" });
    await steps.getByRole("heading", { name: /Matched the skill|No skill matched/ }).waitFor();
    const evidence = conclusion.getByRole("link", { name: /^step \d+$/ }).first();
    const seq = (await evidence.innerText()).replace("step ", "");
    await evidence.click();
    await page.waitForURL(new RegExp(`step=${seq}`));
    await steps.locator(`[data-seq="${seq}"][data-lit]`).waitFor();
  });

  test("is processed again while one looks on, and the earlier run stays", async () => {
    await open(page, `/issues/${await concludedIssue(page)}`);
    const steps = page.getByRole("list", { name: "Steps" });
    await steps.waitFor();
    const before = page.url();
    await page.getByRole("button", { name: "Reprocess" }).click();
    await page.getByText("A new run has begun").waitFor();
    const runs = page.getByRole("combobox", { name: "Run" }).or(page.getByRole("textbox", { name: "Run" })).first();
    await runs.waitFor();
    await page.getByRole("region", { name: "Conclusion" }).waitFor({ timeout: 60_000 });
    expect(new URL(page.url()).pathname).toBe(new URL(before).pathname);
    await runs.click();
    expect(await page.getByRole("option").count()).toBeGreaterThan(1);
    await page.getByRole("option").last().click();
    await page.waitForURL(/run=/);
  });
});

describe("a skill", () => {
  test("is written, checked while it is written, tried on past alerts and deleted", async () => {
    const name = `Browser test ${Date.now()}`;
    await open(page, "/skills/new");
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Which problem it solves").fill("A problem that only this test has");
    await page.getByLabel("Procedure in Markdown").fill("# Look\n\nRead **the log** first.\n");
    await page.getByRole("group", { name: "Preview" }).getByText("the log").waitFor();
    await page.getByText("Guidance only").waitFor();
    await page.getByRole("button", { name: "Create skill" }).click();
    await page.getByText("Skill saved").waitFor();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText(/would match\./).waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete skill" }).click();
    await page.getByText("Skill deleted").waitFor();
    await page.waitForURL(`${baseUrl}/skills`);
  });

  test.runIf(mocked)("names the line that cannot run", async () => {
    await open(page, "/skills/new");
    await page.getByLabel("Procedure in Markdown").fill("# Steps\n\n1. Read it `no_such_tool`\n");
    await page.getByText("Line 3: There is no tool named no_such_tool").waitFor();
  });
});

test("a token is shown once, with where to put it, and revoked", async () => {
  const name = `browser-${Date.now()}`;
  await open(page, "/tokens?create=yes");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy the token now" });
  const token = (await dialog.getByRole("group", { name: "Token", exact: true }).innerText()).trim();
  expect(token.length).toBeGreaterThan(16);
  expect(await dialog.getByRole("group", { name: "Alertmanager configuration" }).innerText()).toContain(token);
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  expect(await page.getByText(token).count()).toBe(0);
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
  await row.getByText("Revoked").waitFor();
});

test("a binding is tried on an example before it is saved", async () => {
  await open(page, "/bindings?edit=new");
  const form = page.getByRole("dialog", { name: "New binding" });
  await form.getByLabel("Alert pattern").fill("/^KubePod/");
  await form.getByText("Matches title").waitFor();
  await form.getByRole("button", { name: "Which past alerts would this match?" }).click();
  await form.getByText(/would match\./).waitFor();
});

test("a sealed value goes in and never comes out", async () => {
  const secret = `canary-${Date.now()}`;
  await open(page, "/settings");
  await page.getByRole("button", { name: "Set a value" }).click();
  const form = page.getByRole("dialog", { name: "Set a sealed value" });
  await form.getByLabel("Key").fill("browser_test");
  await form.getByLabel(/^Value/).fill(secret);
  await form.getByRole("button", { name: "Seal and store" }).click();
  await page.getByRole("cell", { name: "browser_test" }).first().waitFor();
  await form.waitFor({ state: "detached" });
  expect((await page.content()).includes(secret), "the value is on the page").toBe(false);
  await page.getByRole("button", { name: "Delete browser_test" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete value" }).click();
  await page.getByText("Value deleted").waitFor();
});

test.runIf(mocked)("a tool is run with arguments from its schema", async () => {
  await open(page, "/tools");
  await page.getByRole("link", { name: "pod_logs" }).click();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("pod is required").waitFor();
  await page.getByLabel("pod", { exact: false }).last().fill("payments-api-1");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Succeeded").waitFor();
});

test("menus and the palette are accessible while they are open", async () => {
  await open(page, "/");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Search places, issues and commands").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  // An open menu lies over the page and belongs to no region of it.
  await expectAccessible(page, "region");
});

test("the palette and the keys lead everywhere", async () => {
  await open(page, "/");
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Search places, issues and commands").fill("bindings");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/bindings/);
  await page.getByRole("heading", { name: "Bindings", level: 1 }).waitFor();
  await page.getByPlaceholder("Search places, issues and commands").waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

describe.runIf(mocked)("roles", () => {
  test("a viewer sees what is there and is told what the role lacks", async () => {
    const viewer = await signedIn(browser, { email: "vera@acme.test" });
    await open(viewer, `/issues/${await concludedIssue(viewer)}`);
    expect(await viewer.getByRole("button", { name: "Resolve" }).isDisabled()).toBe(true);
    await open(viewer, "/audit");
    await viewer.getByText("Your role does not include this").waitFor();
    expect(await viewer.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" }).count()).toBe(0);
    await viewer.context().close();
  });

  test("a new organization is shown how the first alert gets in", async () => {
    const newcomer = await signedIn(browser, { email: "new@acme.test" });
    await open(newcomer, "/");
    const config = newcomer.getByRole("group", { name: "Alertmanager configuration" });
    expect(await config.innerText()).toContain(`${baseUrl}/hooks/alertmanager`);
    await newcomer.context().close();
  });
});

test.runIf(process.env["SCREENSHOT"] === "1")("the picture of the README", async () => {
  const target = fileURLToPath(new URL("../../docs/images/console.png", import.meta.url));
  mkdirSync(dirname(target), { recursive: true });
  await open(page, `/issues/${await concludedIssue(page)}`);
  await page.getByRole("region", { name: "Conclusion" }).waitFor();
  await page.getByRole("status").getByText("Live").waitFor();
  await page.screenshot({ path: target });
});
