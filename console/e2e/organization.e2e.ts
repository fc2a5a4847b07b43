/* The organization: its tokens, its secrets and who may do what. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addMember, concludedIssue } from "./api";
import { inBrowser, open, signedIn } from "./browser";

const tab = inBrowser();

async function editDeadLetters(page: Page, value: string) {
  const row = page.getByRole("listitem", { name: "Dead letters" });
  await row.getByRole("button", { name: "Edit Dead letters" }).click();
  await row.getByRole("textbox").fill(value);
  return row;
}

test("a token is shown once, with where to put it, and revoked", async () => {
  const name = `browser-${Date.now()}`;
  await open(tab.page, "/tokens?create=yes");
  await tab.page.getByLabel("Name").fill(name);
  await tab.page.getByRole("button", { name: "Create token" }).click();
  const dialog = tab.page.getByRole("dialog", { name: "Copy the token now" });
  const token = (await dialog.getByRole("group", { name: "Token", exact: true }).innerText()).trim();
  expect(token.length).toBeGreaterThan(16);
  expect(await dialog.getByRole("group", { name: "Alertmanager configuration" }).innerText()).toContain(token);
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const row = tab.page.getByRole("row").filter({ hasText: name });
  expect(await tab.page.getByText(token).count()).toBe(0);
  await row.getByRole("button", { name: "Revoke" }).click();
  await tab.page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
  await row.getByText("Revoked").waitFor();
});

test("a unit gets a team, and a token can count in it alone", async () => {
  const stamp = Date.now();
  const add = async (kind: string, name: string) => {
    const form = tab.page.getByRole("dialog", { name: /^New under/ });
    await form.getByRole("radiogroup", { name: "Kind" }).getByText(kind).click();
    await form.getByRole("textbox", { name: /^Name/ }).fill(name);
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await form.waitFor({ state: "detached" });
  };
  await open(tab.page, "/teams");
  await tab.page.getByRole("button", { name: "New unit or team" }).click();
  await add("Unit", `Unit ${stamp}`);
  await tab.page.getByRole("button", { name: `Add under Unit ${stamp}` }).click();
  await add("Team", `Team ${stamp}`);
  const unit = tab.page.getByRole("listitem").filter({ hasText: `Unit ${stamp}` }).last();
  await unit.getByRole("listitem").filter({ hasText: `team-${stamp}` }).waitFor();

  await open(tab.page, "/tokens?create=yes");
  await tab.page.getByRole("textbox", { name: /^Name/ }).fill(`of-team-${stamp}`);
  await tab.page.getByRole("combobox", { name: "Counts in" }).click();
  await tab.page.getByRole("option", { name: `Unit ${stamp} / Team ${stamp}` }).click();
  await tab.page.getByRole("button", { name: "Create token" }).click();
  await tab.page.getByRole("button", { name: "I have copied it" }).click();
  await tab.page.getByRole("row").filter({ hasText: `of-team-${stamp}` }).getByText(`Team ${stamp}`).waitFor();
});

test("a sealed value goes in and never comes out", async () => {
  const secret = `canary-${Date.now()}`;
  await open(tab.page, "/settings");
  await tab.page.getByRole("button", { name: "Set a value" }).click();
  const form = tab.page.getByRole("dialog", { name: "Set a sealed value" });
  await form.getByLabel("Key").fill("browser_test");
  await form.getByLabel(/^Value/).fill(secret);
  await form.getByRole("button", { name: "Seal and store" }).click();
  await tab.page.getByRole("cell", { name: "browser_test" }).first().waitFor();
  await form.waitFor({ state: "detached" });
  expect((await tab.page.content()).includes(secret), "the value is on the page").toBe(false);
  await tab.page.getByRole("button", { name: "Delete browser_test" }).first().click();
  await tab.page.getByRole("dialog").getByRole("button", { name: "Delete value" }).click();
  await tab.page.getByText("Value deleted").waitFor();
});

test("what is kept for how long is refused at its field, asks before it is shortened, and goes back to its default", async () => {
  await open(tab.page, "/settings");
  const row = tab.page.getByRole("listitem", { name: "Alerts that are over" });
  const field = row.getByRole("textbox");
  await row.getByRole("button", { name: "Edit Alerts that are over" }).click();
  for (const text of ["3", "1.5", "1e3"]) {
    await field.fill(text);
    await field.press("Enter");
    await row.getByText("Enter a whole number from 7 to 3650").waitFor();
    expect(await field.inputValue()).toBe(text);
  }
  await field.fill("90");
  await field.press("Enter");
  const question = tab.page.getByRole("dialog", { name: "Alerts that are over: keep 90 days only?" });
  await question.getByText("within the hour").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "detached" });
  await field.press("Enter");
  await question.getByRole("button", { name: "Keep 90 days" }).click();
  await row.getByText("90 days").waitFor();
  expect(await row.getByRole("button").evaluate((button) => button === document.activeElement), "the focus is at the row").toBe(true);
  await open(tab.page, "/settings");
  await row.getByText("90 days").waitFor();
  await row.getByRole("button").click();
  await row.getByRole("button", { name: /^Back to the default/ }).click();
  await row.getByText("default").waitFor();
});

test("of two who change a setting the second sees what the first set, and keeps what was typed", async () => {
  const other = await signedIn(tab.browser);
  await open(tab.page, "/settings");
  await open(other, "/settings");
  const mine = await editDeadLetters(tab.page, "200");
  const theirs = await editDeadLetters(other, "100");
  await theirs.getByRole("button", { name: "Save" }).click();
  await theirs.getByText("100 days").waitFor();
  await mine.getByRole("button", { name: "Save" }).click();
  await mine.getByText("It is now: 100 days.").waitFor();
  expect(await mine.getByRole("textbox").inputValue()).toBe("200");
  await mine.getByRole("button", { name: "Replace theirs" }).click();
  await mine.getByText("200 days").waitFor();
  await mine.getByRole("button").click();
  await mine.getByRole("button", { name: /^Back to the default/ }).click();
  await tab.page.getByRole("button", { name: "Keep 90 days" }).click();
  await mine.getByText("default").waitFor();
  await other.context().close();
});

test("a viewer sees what is there and is told what the role lacks", async () => {
  const viewer = await signedIn(tab.browser, await addMember(tab.page, { email: `viewer-${Date.now()}@steward.example`, role: "viewer" }));
  await open(viewer, `/issues/${await concludedIssue(viewer)}`);
  expect(await viewer.getByRole("button", { name: "Reprocess" }).isDisabled()).toBe(true);
  await open(viewer, "/audit");
  await viewer.getByText("Your role does not include this").waitFor();
  expect(await viewer.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" }).count()).toBe(0);
  await viewer.context().close();
});
