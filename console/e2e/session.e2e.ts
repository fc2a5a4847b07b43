/* Coming in, going out, and what one sees first. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { invite } from "./api";
import { account, baseUrl, inBrowser, newContext, newcomer, open, signedIn } from "./browser";
import { hasSupabase, sessionOf, startSupabase } from "./supabase";

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
    await leaver.getByRole("button", { name: "Account", exact: true }).click();
    await leaver.getByRole("menuitem", { name: "Sign out" }).click();
    await leaver.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await leaver.goto(`${baseUrl}/alerts`);
    await leaver.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await leaver.context().close();
  });
});

/** An address that is invited, and that Supabase knows. */
async function invited(name: string): Promise<string> {
  const email = `${name.toLowerCase()}-${Date.now()}@steward.example`;
  await invite(tab.page, { email, role: "viewer" });
  return email;
}

async function postSupabase(path: string, body: object): Promise<{ items: { id: string }[] }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${baseUrl}/api/v1/auth/supabase${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { items: { id: string }[] };
}

/** A session at Supabase of somebody who has accepted their invitation. */
async function sessionOfMember(name: string): Promise<string> {
  const access_token = await sessionOf(await invited(name));
  const { items } = await postSupabase("/invitations", { access_token });
  await postSupabase("", { access_token, accept: items[0]?.id });
  return access_token;
}

describe.runIf(hasSupabase)("signing in by Supabase", () => {
  let stop: () => void;
  let visitor: Page;
  beforeAll(async () => {
    stop = await startSupabase();
  });
  afterAll(() => stop());
  beforeEach(async () => {
    visitor = await (await newContext(tab.browser)).newPage();
  });
  afterEach(() => visitor.context().close());

  const isIn = (name: string) => visitor.getByRole("button", { name: "Account", exact: true }).getByText(name).waitFor();

  test("tells what Supabase says, asks to accept the invitation, and goes on to the page that was wanted", async () => {
    const email = await invited("Sue");
    await visitor.goto(`${baseUrl}/issues`);
    await visitor.getByLabel("E-mail").fill(email);
    await visitor.getByLabel("Password", { exact: true }).fill("not the password");
    await visitor.getByRole("button", { name: "Sign in with Supabase" }).click();
    await visitor.getByRole("alert").getByText("Invalid login credentials").waitFor();
    await visitor.getByLabel("Password", { exact: true }).fill(account.password);
    await visitor.getByRole("button", { name: "Sign in with Supabase" }).click();
    await visitor.getByRole("button", { name: "Join", exact: true }).click();
    await visitor.waitForURL(`${baseUrl}/issues`);
    await isIn("Sue");
  });

  test("takes the session that Supabase's own pages hand over, once, and leaves no trace of it in the address", async () => {
    const first = await sessionOfMember("Uma");
    const second = await sessionOfMember("Ben");
    await visitor.goto(`${baseUrl}/alerts#access_token=${first}&token_type=bearer`);
    await visitor.waitForURL(`${baseUrl}/alerts`);
    await isIn("Uma");
    // A link that somebody else made puts nobody into another account.
    await visitor.goto(`${baseUrl}/#access_token=${second}`);
    await visitor.waitForURL(`${baseUrl}/`);
    await isIn("Uma");
  });

  test("says why there is none", async () => {
    await visitor.goto(`${baseUrl}/#error=access_denied&error_description=Email+link+is+invalid`);
    await visitor.getByRole("alert").getByText("Email link is invalid").waitFor();
    expect(visitor.url()).toBe(`${baseUrl}/sign-in`);
  });
});

test.runIf(newcomer)("a new organization is shown how the first alert gets in", async () => {
  const visitor = await signedIn(tab.browser, { email: newcomer });
  await open(visitor, "/");
  const config = visitor.getByRole("group", { name: "Alertmanager configuration" });
  expect(await config.innerText()).toContain(`${baseUrl}/hooks/alertmanager`);
  await visitor.context().close();
});
