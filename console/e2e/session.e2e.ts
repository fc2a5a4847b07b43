/* Coming in, going out, and what one sees first. */
import { describe, expect, test } from "vitest";
import { account, baseUrl, inBrowser, mocked, newContext, newcomer, open, signedIn } from "./browser";

const tab = inBrowser();

describe("signing in", () => {
  test("asks first, tells a wrong password, and goes on to the page that was wanted", async () => {
    const context = await newContext(tab.browser);
    const visitor = await context.newPage();
    await visitor.goto(`${baseUrl}/issues?status=resolved`);
    await visitor.getByLabel("E-mail").fill(account.email);
    await visitor.getByLabel("Password", { exact: true }).fill("not the password");
    await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
    await visitor.getByRole("alert").getByText("The e-mail or the password is wrong.").waitFor();
    await visitor.getByLabel("Password", { exact: true }).fill(account.password);
    await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
    await visitor.waitForURL(`${baseUrl}/issues?status=resolved`);
    await visitor.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
    await context.close();
  });

  test("ends with signing out", async () => {
    const leaver = await signedIn(tab.browser, { fresh: true });
    await open(leaver, "/");
    await leaver.getByRole("button", { name: "Account" }).click();
    await leaver.getByRole("menuitem", { name: "Sign out" }).click();
    await leaver.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await leaver.goto(`${baseUrl}/alerts`);
    await leaver.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await leaver.context().close();
  });
});

describe.runIf(mocked)("signing in by Supabase", () => {
  test("tells what Supabase says, and goes on to the page that was wanted", async () => {
    const context = await newContext(tab.browser);
    const visitor = await context.newPage();
    await visitor.goto(`${baseUrl}/issues`);
    await visitor.getByLabel("E-mail").fill("priya@acme.test");
    await visitor.getByLabel("Password", { exact: true }).fill("not the password");
    await visitor.getByRole("button", { name: "Sign in with Supabase" }).click();
    await visitor.getByRole("alert").getByText("Invalid login credentials").waitFor();
    await visitor.getByLabel("Password", { exact: true }).fill(account.password);
    await visitor.getByRole("button", { name: "Sign in with Supabase" }).click();
    await visitor.waitForURL(`${baseUrl}/issues`);
    await visitor.getByText("Priya Nair").first().waitFor();
    await context.close();
  });

  test("takes the session that Supabase's own pages hand over, and leaves no trace of it in the address", async () => {
    const context = await newContext(tab.browser);
    const visitor = await context.newPage();
    await visitor.goto(`${baseUrl}/alerts#access_token=mock-session-of:jonas@acme.test&token_type=bearer`);
    await visitor.waitForURL(`${baseUrl}/alerts`);
    await visitor.getByText("Jonas Weber").first().waitFor();
    await visitor.goto(`${baseUrl}/#access_token=mock-session-of:ada@acme.test`);
    await visitor.waitForURL(`${baseUrl}/`);
    await visitor.getByRole("button", { name: "Account" }).getByText("Jonas Weber").waitFor();
    await context.close();
  });

  test("says why there is none", async () => {
    const context = await newContext(tab.browser);
    const visitor = await context.newPage();
    await visitor.goto(`${baseUrl}/#error=access_denied&error_description=Email+link+is+invalid`);
    await visitor.getByRole("alert").getByText("Email link is invalid").waitFor();
    expect(visitor.url()).toBe(`${baseUrl}/sign-in`);
    await context.close();
  });
});

test.runIf(newcomer)("a new organization is shown how the first alert gets in", async () => {
  const visitor = await signedIn(tab.browser, { email: newcomer });
  await open(visitor, "/");
  const config = visitor.getByRole("group", { name: "Alertmanager configuration" });
  expect(await config.innerText()).toContain(`${baseUrl}/hooks/alertmanager`);
  await visitor.context().close();
});
