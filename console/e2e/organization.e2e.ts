/* The organization: its tokens, its secrets and who may do what. */
import { expect, test } from "vitest";
import { addMember, concludedIssue } from "./api";
import { inBrowser, open, signedIn } from "./browser";

const tab = inBrowser();

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

test("what is kept for how long is set, refused at its field, and goes back to its default", async () => {
  await open(tab.page, "/settings");
  const form = tab.page.getByRole("form", { name: "Alerts that are over" });
  const field = form.getByRole("textbox");
  await field.fill("3");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("must be a whole number from 7 to 3650").waitFor();
  await field.fill("90");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText(/Changed .* by/).waitFor();
  await open(tab.page, "/settings");
  expect(await field.inputValue()).toBe("90 days");
  await form.getByRole("button", { name: "Default" }).click();
  await tab.page.getByText("Alerts that are over: default again").waitFor();
  await expect.poll(() => field.inputValue()).toBe("");
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
