/* What people do with their own account. */
import type { Page } from "playwright-core";
import { describe, test } from "vitest";
import { addMember } from "./api";
import { account, baseUrl, expectAccessible, inBrowser, mocked, newContext, open, signedIn } from "./browser";

const tab = inBrowser();
const NEXT = "another password of the tests";

const someone = (name: string) => addMember(tab.page, { email: `${name}-${Date.now()}@steward.example`, role: "viewer", name: "Paula Person" });

test("a person changes their name, and ends the sessions that they do not know", async () => {
  const paula = await someone("paula");
  const page = await signedIn(tab.browser, { ...paula, fresh: true });
  const elsewhere = await signedIn(tab.browser, { ...paula, fresh: true });
  await open(elsewhere, "/alerts");
  await open(page, "/account");
  await page.getByLabel("Name").fill("Paula Renamed");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your name is changed").waitFor();
  await page.getByRole("button", { name: "Account", exact: true }).getByText("Paula Renamed").waitFor();

  // That of the test that joined, too.
  const sessions = page.getByRole("table", { name: "Sessions" });
  await sessions.getByText("This one").waitFor();
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End them" }).click();
  await sessions.getByRole("button", { name: /^End the session of/ }).first().waitFor({ state: "detached" });
  await elsewhere.reload();
  await elsewhere.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await page.context().close();
  await elsewhere.context().close();
});

test("a person changes their password, and has to know the present one", async () => {
  const paul = await someone("paul");
  const page = await signedIn(tab.browser, { ...paul, fresh: true });
  await open(page, "/account");
  const change = async (present: string) => {
    await page.getByLabel("Present password").fill(present);
    await page.getByLabel("New password").fill(NEXT);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not the present one");
  await page.getByText("This is not the password you have now").waitFor();
  await change(account.password);
  await page.getByText("Your password is changed.").waitFor();
  await page.context().close();
});

/* Only by mail, which the demo's server does not send. */
describe.runIf(mocked)("by a link that is mailed", () => {
  test("a forgotten password is chosen anew", async () => {
    const { email } = await someone("frida");
    const visitor = await (await newContext(tab.browser)).newPage();
    await visitor.goto(`${baseUrl}/sign-in`);
    await visitor.getByRole("button", { name: "Forgot your password?" }).click();
    await visitor.getByLabel("E-mail").fill(email);
    await visitor.getByRole("button", { name: "Send me a link" }).click();
    await visitor.getByRole("status").getByText(`If ${email} has an account, a link is on its way.`).waitFor();

    await visitor.goto(`${baseUrl}/password#mock-password-of:${email}`);
    await visitor.getByLabel("New password").fill(NEXT);
    await visitor.getByRole("button", { name: "Set the password" }).click();
    await visitor.getByRole("link", { name: "Sign in" }).click();
    await visitor.getByLabel("E-mail").fill(email);
    await visitor.getByLabel("Password", { exact: true }).fill(NEXT);
    await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
    await visitor.getByRole("button", { name: "Account", exact: true }).getByText("Paula Person").waitFor();
    await visitor.context().close();
  });

  test("an address is proved", async () => {
    const page = await signedIn(tab.browser, { ...(await someone("petra")), fresh: true });
    await open(page, "/account");
    await page.getByRole("button", { name: "Mail me a link that proves it" }).click();
    await page.getByRole("status").getByText("A link is on its way to you.").waitFor();
    await page.context().close();
  });

  test("a link that fits nothing says so", async () => {
    const visitor = await (await newContext(tab.browser)).newPage();
    await visitor.goto(`${baseUrl}/password#made-up`);
    await visitor.getByLabel("New password").fill(NEXT);
    await visitor.getByRole("button", { name: "Set the password" }).click();
    await visitor.getByRole("alert").getByText("this link is not valid").waitFor();
    await visitor.context().close();
  });
});

describe("a suspended organization", () => {
  const refusal = { title: "Suspended", status: 403, code: "organization_suspended", detail: "This organization is suspended." };
  const suspend = (page: Page) => page.route(/\/api\/v1\/(?!auth\/|me\/organization$)/, (route) => route.fulfill({ status: 403, json: refusal }));

  test("says that it lets nobody in, and its people get out", async () => {
    const page = await signedIn(tab.browser, { ...(await someone("sven")), fresh: true });
    await open(page, "/alerts");
    await suspend(page);
    await page.getByRole("link", { name: "Issues" }).click();
    await page.getByRole("heading", { name: /is suspended$/ }).waitFor();
    await expectAccessible(page);
    await page.getByLabel("Another organization of yours").fill("no-such-organization");
    await page.getByRole("button", { name: "Go there" }).click();
    await page.getByRole("alert").getByText("you are no member of this organization").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    await page.context().close();
  });

  test("says so to those who come back as well, and opens again where they were", async () => {
    const page = await signedIn(tab.browser);
    await suspend(page);
    await page.goto(`${baseUrl}/issues`);
    await page.getByRole("heading", { name: "This organization is suspended" }).waitFor();
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Issues", level: 1 }).waitFor();
    await page.context().close();
  });
});
