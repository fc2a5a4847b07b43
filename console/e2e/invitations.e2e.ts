/* How people come in: invitations, from the admin's side and from the invited person's. */
import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { invite, listed, organizationOf, send } from "./api";
import { account, baseUrl, inBrowser, newContext, newcomer, open, signedIn } from "./browser";

const tab = inBrowser();

let visitor: Page;
beforeEach(async () => {
  visitor = await (await newContext(tab.browser)).newPage();
});
afterEach(() => visitor.context().close());

const someone = (name: string) => `${name}-${Date.now()}@steward.example`;
const rowOf = (email: string) => tab.page.getByRole("table", { name: "Invitations" }).getByRole("row").filter({ hasText: email });
const tells = (text: string | RegExp) => visitor.getByRole("alert").getByText(text).waitFor();

/** Chooses what is done with an invitation. */
async function choose(email: string, item: string): Promise<void> {
  await rowOf(email).getByRole("button", { name: `Actions for the invitation of ${email}` }).click();
  await tab.page.getByRole("menuitem", { name: item }).click();
}

/** The link that is shown this once. */
async function takeLink(): Promise<string> {
  const dialog = tab.page.getByRole("dialog", { name: "Hand over the link now" });
  const link = (await dialog.getByRole("group", { name: "Link" }).innerText()).trim();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await dialog.waitFor({ state: "detached" });
  return link;
}

async function join(name: string, password: string): Promise<void> {
  await visitor.getByLabel("Your name").fill(name);
  await visitor.getByLabel("New password").fill(password);
  await visitor.getByRole("button", { name: /^Join / }).click();
}

test("somebody new joins by a link that is handed over, and names the organization at every sign-in", async () => {
  const { page } = tab;
  const email = someone("nina");
  await open(page, "/members");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Invite somebody" });
  await form.getByLabel("E-mail").fill(email);
  const delivery = form.getByRole("combobox", { name: "The link" });
  if (await delivery.isVisible()) {
    await delivery.click();
    await page.getByRole("option", { name: "Is shown to me, to hand over" }).click();
  }
  await form.getByRole("button", { name: "Invite", exact: true }).click();
  const link = await takeLink();
  await rowOf(email).getByText("Pending").waitFor();
  expect(await page.content()).not.toContain(new URL(link).hash.slice(1));

  await visitor.goto(link);
  await visitor.getByText(new RegExp(`invites ${email} as member`)).waitFor();
  expect(visitor.url(), "the secret stays in the address").toBe(`${baseUrl}/invitation`);
  await join("Nina New", "too short");
  await visitor.getByText("At least 12 characters").waitFor();
  await join("Nina New", account.password);
  await visitor.getByRole("button", { name: "Account", exact: true }).getByText("Nina New").waitFor();
  await rowOf(email).getByText("Accepted").waitFor();
  await page.getByRole("table", { name: "Members" }).getByRole("row").filter({ hasText: email }).getByText("not proved").waitFor();

  await visitor.getByRole("button", { name: "Account", exact: true }).click();
  await visitor.getByRole("menuitem", { name: "Sign out" }).click();
  await visitor.getByLabel("E-mail").fill(email);
  await visitor.getByLabel("Password", { exact: true }).fill(account.password);
  await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
  await tells("The e-mail or the password is wrong.");
  await visitor.getByRole("button", { name: "Choose an organization" }).click();
  await visitor.getByLabel("Organization").fill(await organizationOf(page));
  await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
  await visitor.getByRole("button", { name: "Account", exact: true }).getByText("Nina New").waitFor();

  await visitor.goto(link);
  await tells("was accepted already");
});

test("a new link ends the one before, and an invitation that is revoked lets nobody in", async () => {
  const email = someone("rita");
  const first = await invite(tab.page, { email, role: "viewer" });
  await open(tab.page, "/members");
  await choose(email, "Show me a new link");
  const second = await takeLink();
  await visitor.goto(first);
  await tells("this link is not valid");
  // The page is open already: only what stands behind the # changes.
  await visitor.goto(second);
  await visitor.getByText(`invites ${email} as viewer`).waitFor();
  await choose(email, "Revoke…");
  await tab.page.getByRole("dialog").getByRole("button", { name: "Revoke invitation" }).click();
  await rowOf(email).getByText("Revoked").waitFor();
  await join("Rita", account.password);
  await tells("was taken back");
  await visitor.reload();
  await visitor.getByRole("heading", { name: "Open the link that you were given" }).waitFor();
});

test("is declined, and says so to who invited", async () => {
  const email = someone("dora");
  const link = await invite(tab.page, { email, role: "viewer" });
  await visitor.goto(link);
  await visitor.getByRole("button", { name: "Decline" }).click();
  await visitor.getByRole("dialog").getByRole("button", { name: "Decline" }).click();
  await visitor.getByRole("status").getByText("You declined.").waitFor();
  await open(tab.page, "/members");
  await rowOf(email).getByText("Declined").waitFor();
});

test("is for one address: somebody else who is signed in has to sign out first", async () => {
  const email = someone("olaf");
  const link = await invite(tab.page, { email, role: "viewer" });
  const other = await signedIn(tab.browser, { fresh: true });
  await other.goto(link);
  await other.getByText(`You are signed in as ${account.email}. This invitation is for ${email}.`).waitFor();
  await other.getByRole("button", { name: "Sign out and go on" }).click();
  await other.getByLabel("Your name").waitFor();
  await other.context().close();
});

describe.runIf(newcomer)("somebody who has an account", () => {
  /** Takes the newcomer out of the organization again, where they are in it. */
  afterEach(async () => {
    const members = (await listed(tab.page, "/members")) as unknown as { user_id: string; email: string }[];
    const guest = members.find((member) => member.email === newcomer);
    if (guest) await send(tab.page, "DELETE", `/members/${guest.user_id}`);
  });

  test("signs in on the page of the link, and joins with that account", async () => {
    await visitor.goto(await invite(tab.page, { email: newcomer, role: "viewer" }));
    await visitor.getByRole("button", { name: "I have an account" }).click();
    await visitor.getByLabel("E-mail").fill(newcomer);
    await visitor.getByLabel("Password", { exact: true }).fill(account.password);
    await visitor.getByRole("button", { name: "Sign in", exact: true }).click();
    await visitor.getByRole("button", { name: "Join as Nora New" }).click();
    await visitor.waitForURL(`${baseUrl}/`);
    const here = (await (await tab.page.context().request.get(`${baseUrl}/api/v1/me`)).json()) as { organization: { name: string } };
    await visitor.getByRole("button", { name: `Organization ${here.organization.name}` }).waitFor();
  });

  test("finds the invitation in the own account, and can decline it there", async () => {
    const link = await invite(tab.page, { email: newcomer, role: "viewer" });
    const guest = await signedIn(tab.browser, { email: newcomer, fresh: true });
    await open(guest, "/account");
    await guest.getByRole("region", { name: "Invitations to you" }).getByRole("button", { name: "Decline" }).click();
    await guest.getByRole("dialog").getByRole("button", { name: "Decline" }).click();
    await guest.getByRole("region", { name: "Invitations to you" }).waitFor({ state: "detached" });
    await visitor.goto(link);
    await tells("was declined");
    await guest.context().close();
  });
});
