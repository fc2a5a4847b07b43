/* Units and teams: what belongs to which, and what somebody sees and may change who acts in one of them only. */
import type { Page } from "playwright-core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { addMember, addNode, listed, postAlerts, send } from "./api";
import { baseUrl, expectAccessible, inBrowser, open, signedIn } from "./browser";

const tab = inBrowser();
const stamp = Date.now();
const unit = `Unit ${stamp}`;
const team = `Team ${stamp}`;

const belongsTo = (page: Page) => page.getByRole("combobox", { name: "Belongs to" }).or(page.getByRole("textbox", { name: "Belongs to" })).first();

async function choose(page: Page, owner: string): Promise<void> {
  await belongsTo(page).click();
  await page.getByRole("option", { name: owner, exact: true }).click();
}

/** Somebody who is an engineer in the unit and nothing elsewhere. */
async function engineerOfUnit(id: string): Promise<Page> {
  const member = await addMember(tab.page, { email: `sam-${stamp}@steward.example`, name: "Sam Okafor", role: "engineer", node_id: id });
  return signedIn(tab.browser, member);
}

let unitId: string;
let teamId: string;
beforeEach(async () => {
  if (teamId) return;
  unitId = await addNode(tab.page, "unit", unit);
  teamId = await addNode(tab.page, "team", team, unitId);
});

test("a skill belongs to the team that was chosen, and moves to another owner", async () => {
  const { page } = tab;
  const name = `Of a team ${stamp}`;
  await open(page, "/skills/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Which problem it solves").fill("A problem that only this test has");
  await choose(page, `${unit} / ${team}`);
  await page.getByRole("button", { name: "Create skill" }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();

  const row = page.getByRole("row").filter({ hasText: name });
  await open(page, `/skills?q=${name}`);
  await row.getByText(`${unit} / ${team}`).waitFor();
  await row.getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await choose(page, "The whole organization");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Skill saved").waitFor();
  await open(page, `/skills?q=${name}`);
  await row.getByText("The whole organization").waitFor();
});

test("alerts that came with a team's token are the team's: its name leads to all of them", async () => {
  const { page } = tab;
  const mark = await postAlerts(page, 1, { node: teamId });
  const elsewhere = await postAlerts(page, 1);
  await open(page, `/alerts?q=e2e`);
  await choose(page, `${unit} / ${team}`);
  await page.waitForURL(new RegExp(`node_id=${teamId}`));
  const rows = page.getByRole("grid", { name: "Alerts" }).getByRole("row");
  await rows.filter({ hasText: elsewhere }).waitFor({ state: "detached" });
  await rows.filter({ hasText: mark }).getByRole("link").click();

  const facts = page.getByRole("region", { name: "Facts" });
  await facts.getByRole("link", { name: `${unit} / ${team}` }).click();
  await page.waitForURL(`${baseUrl}/alerts?node_id=${teamId}`);
  await rows.filter({ hasText: mark }).waitFor();
  expect(await belongsTo(page).inputValue()).toBe(`${unit} / ${team}`);
});

describe("somebody who acts in one unit only", () => {
  let sam: Page;
  beforeEach(async () => {
    sam ??= await engineerOfUnit(unitId);
  });
  afterAll(() => sam.context().close());

  test("is shown the pages that are for them, and begins new things in their unit", async () => {
    await open(sam, "/skills");
    const places = sam.getByRole("navigation", { name: "Main" });
    await places.getByRole("link", { name: "Alerts" }).waitFor();
    expect(await places.getByRole("link", { name: "Tokens" }).count()).toBe(0);
    await sam.getByRole("link", { name: "New skill" }).click();
    await sam.getByLabel("Name").fill(`Of the unit ${stamp}`);
    await sam.getByLabel("Which problem it solves").fill("A problem that only this unit has");
    expect(await belongsTo(sam).inputValue()).toBe(unit);
    await belongsTo(sam).click();
    expect(await sam.getByRole("option", { name: "The whole organization" }).count()).toBe(0);
    await sam.getByRole("option", { name: `${unit} / ${team}`, exact: true }).click();
    await sam.getByRole("button", { name: "Create skill" }).click();
    await sam.getByRole("heading", { name: `Of the unit ${stamp}`, level: 1 }).waitFor();
    await sam.getByRole("button", { name: "Delete" }).click();
    await sam.getByRole("dialog").getByRole("button", { name: "Delete skill" }).click();
    await sam.getByText("Skill deleted").waitFor();
  });

  test("reads what is the whole organization's, and is told why it cannot be changed", async () => {
    const { page } = tab;
    const skill = { name: `Of all ${stamp}`, problem_description: "A problem that only this test has", sop: "# Look\n", status: "active" };
    const { id } = await send<{ id: string }>(page, "POST", "/skills", skill);
    await open(sam, `/skills/${id}`);
    await sam.getByRole("note").getByText(`You hold skills:write in ${unit} only; this belongs to the whole organization.`).waitFor();
    expect(await sam.getByRole("button", { name: "Save" }).count()).toBe(0);
    expect(await sam.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await expectAccessible(sam);
    await send(page, "DELETE", `/skills/${id}`);
  });

  test("sees the alerts of the unit and below, and changes them", async () => {
    const { page } = tab;
    const mark = await postAlerts(page, 1, { node: teamId });
    const elsewhere = await postAlerts(page, 1);
    await open(sam, `/alerts?q=e2e`);
    const rows = sam.getByRole("grid", { name: "Alerts" }).getByRole("row");
    await rows.filter({ hasText: mark }).getByRole("link").click();
    await sam.getByRole("button", { name: "Ignore" }).click();
    await sam.getByLabel("Reason (optional)").press("Enter");
    await sam.getByRole("button", { name: "Reopen" }).waitFor();
    expect((await listed(sam, `/alerts?q=${elsewhere}`)).length).toBe(0);
  });
});
