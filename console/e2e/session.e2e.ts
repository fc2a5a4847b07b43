/* Coming in, going out, and what one sees first. */
import { describe, expect, test } from "vitest";
import { account, baseUrl, inBrowser, newContext, newcomer, open, signedIn } from "./browser";

const tab = inBrowser();

describe("signing in", () => {
  test("asks first, tells a wrong password, and goes on to the page that was wanted", async () => {
    const context = await newContext(tab.browser);
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
    const leaver = await signedIn(tab.browser, { fresh: true });
    await open(leaver, "/");
    await leaver.getByRole("button", { name: "Account" }).click();
    await leaver.getByRole("menuitem", { name: "Sign out" }).click();
    await leaver.getByRole("button", { name: "Sign in" }).waitFor();
    await leaver.goto(`${baseUrl}/alerts`);
    await leaver.getByRole("button", { name: "Sign in" }).waitFor();
    await leaver.context().close();
  });
});

test.runIf(newcomer)("a new organization is shown how the first alert gets in", async () => {
  const visitor = await signedIn(tab.browser, { email: newcomer });
  await open(visitor, "/");
  const config = visitor.getByRole("group", { name: "Alertmanager configuration" });
  expect(await config.innerText()).toContain(`${baseUrl}/hooks/alertmanager`);
  await visitor.context().close();
});
