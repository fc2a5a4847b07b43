/* What members may do, and who ends that. */
import { expect, test } from "vitest";
import { addMember, addNode } from "./api";
import { inBrowser, open, signedIn } from "./browser";

const tab = inBrowser();

const rowOf = (email: string) => tab.page.getByRole("table", { name: "Members" }).getByRole("row").filter({ hasText: email });

/** Chooses what is done with a member. */
async function choose(email: string, item: string): Promise<void> {
  await rowOf(email).getByRole("button", { name: /^Actions for / }).click();
  await tab.page.getByRole("menuitem", { name: item }).click();
}

test("somebody is given a role in one team, and loses the one in the whole organization", async () => {
  const { page } = tab;
  const stamp = Date.now();
  const team = `Members ${stamp}`;
  await addNode(page, "team", team);
  const member = await addMember(page, { email: `tess-${stamp}@steward.example`, role: "viewer", name: "Tess Team" });
  await open(page, "/members");
  await choose(member.email, "Roles…");
  const dialog = page.getByRole("dialog", { name: "Roles of Tess Team" });
  await dialog.getByRole("combobox", { name: "Add a unit or team" }).click();
  await page.getByRole("option", { name: team }).click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  const rights = dialog.getByRole("combobox", { name: `Single rights at ${team}` });
  await rights.click();
  await page.getByRole("option", { name: "receivers:write" }).click();
  await dialog.getByText("receivers:write", { exact: true }).first().waitFor();
  await page.keyboard.press("Tab");
  await dialog.getByRole("combobox", { name: "In the whole organization" }).click();
  await page.getByRole("option", { name: /^None/ }).click();
  await page.getByText("It counts from their next request on").first().waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await rowOf(member.email).getByText(`Member · ${team}`).waitFor();

  const their = await signedIn(tab.browser, member);
  await open(their, "/skills");
  await their.getByRole("button", { name: "Account", exact: true }).getByText("In single teams").waitFor();
  expect(await their.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).count()).toBe(0);

  await choose(member.email, "Roles…");
  await dialog.getByRole("button", { name: `Take away the role at ${team}` }).click();
  await dialog.getByRole("button", { name: `Take away the role at ${team}` }).waitFor({ state: "detached" });
  await their.context().close();
});

test("somebody is made inactive, active again, and removed", async () => {
  const { page } = tab;
  const member = await addMember(page, { email: `leo-${Date.now()}@steward.example`, role: "viewer", name: "Leo Leaving" });
  const their = await signedIn(tab.browser, member);
  await open(their, "/alerts");
  await open(page, "/members");
  await choose(member.email, "Deactivate…");
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await rowOf(member.email).getByText("Inactive").waitFor();
  await their.reload();
  await their.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await their.context().close();
  await choose(member.email, "Activate");
  await rowOf(member.email).getByText("Active", { exact: true }).waitFor();
  await choose(member.email, "Remove…");
  await page.getByRole("dialog").getByRole("button", { name: "Remove member" }).click();
  await rowOf(member.email).waitFor({ state: "detached" });
});

test("the last admin stays one, and is told why", async () => {
  const { page } = tab;
  await open(page, "/members");
  const me = page.getByRole("table", { name: "Members" }).getByRole("row").filter({ hasText: "Admin" }).first();
  await me.getByRole("button", { name: /^Actions for / }).click();
  await page.getByRole("menuitem", { name: "Roles…" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "In the whole organization" }).click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await page.getByRole("dialog", { name: "Change your own role?" }).getByRole("button", { name: "Change my role" }).click();
  await page.getByText(/make somebody else an admin first \(last_admin\)/).waitFor();
});
