/* Receivers: what is refused, what they hear of, addresses that have to agree first, and the warning that nobody is told. */
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { listed, send } from "./api";
import { baseUrl, expectAccessible, expectContrast, inBrowser, mocked, open, settled } from "./browser";

const tab = inBrowser();

/** Goes on with the Tab key until something has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 20; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("The Tab key does not lead there");
}

const read = async <T>(page: Page, id: string) => (await (await page.context().request.get(`${baseUrl}/api/v1/receivers/${id}`)).json()) as T;

test.skipIf(!mocked)("what the server refuses is marked where it stands, and typing goes on from there", async () => {
  const { page } = tab;
  const taken = `taken-${Date.now()}`;
  const { id } = await send<{ id: string }>(page, "POST", "/receivers", { name: taken, receiver_im: taken, im_type: "slack", transport: "bot", destination_id: "C1", bot_token: "xoxb-1", status: "inactive" });
  await open(page, "/receivers?edit=new");
  const form = page.getByRole("dialog", { name: "New receiver" });
  await form.getByRole("combobox", { name: "Platform" }).press("ArrowDown");
  const marked = page.locator("[data-combobox-selected]");
  for (let step = 0; step < 10 && (await marked.innerText()) !== "Signed webhook"; step++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const shortName = form.getByRole("textbox", { name: "Short name" });
  const address = form.getByRole("textbox", { name: "Address" });
  const type = async (field: Locator, text: string) => {
    await tabTo(page, field);
    await page.keyboard.type(text);
  };
  await type(form.getByRole("textbox", { name: "Name", exact: true }), "Own program");
  await type(shortName, taken);
  await type(address, "http://app.example.com/hooks");
  await type(form.getByRole("textbox", { name: "Signing secret" }), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq=");
  await page.keyboard.press("Enter");
  await form.getByText("Must start with https://").waitFor();
  expect(await address.evaluate((element) => element === document.activeElement)).toBe(true);
  await settled(page);
  await expectAccessible(page);
  await address.fill("https://app.example.com/hooks");
  await page.keyboard.press("Enter");
  await form.getByText("Another receiver has this short name").waitFor();
  expect(await shortName.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  await form.waitFor({ state: "detached" });
  await send(page, "DELETE", `/receivers/${id}`);
});

test("a receiver hears of critical issues in the nights of some days only", async () => {
  const { page } = tab;
  const receiver_im = `nights-${Date.now()}`;
  const { id } = await send<{ id: string }>(page, "POST", "/receivers", { name: receiver_im, receiver_im, im_type: "slack", transport: "bot", destination_id: "C1", bot_token: "xoxb-1", status: "inactive" });
  await open(page, `/receivers/${id}`);
  await page.getByRole("combobox", { name: "Told of" }).click();
  await page.getByRole("option", { name: "Critical only" }).click();
  await page.getByRole("switch", { name: "Only at some hours" }).press("Space");
  for (const day of ["Mon", "Tue", "Wed", "Thu", "Fri"]) await page.getByRole("checkbox", { name: day }).press("Space");
  await page.getByText("Choose one day at least").waitFor();
  await page.getByRole("checkbox", { name: "Sun" }).press("Space");
  await page.getByLabel(/^From/).fill("22:00");
  await page.getByLabel(/^To\b/).and(page.locator("input[type=time]")).fill("06:00");
  await page.getByText("They end on the next day").waitFor();
  await settled(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save receiver" }).click();
  await page.getByText("Receiver saved").waitFor();
  const stored = await read<object>(page, id);
  expect(stored).toMatchObject({ min_severity: "critical", hours: { weekdays: [7], from: "22:00", to: "06:00" } });
  await open(page, "/receivers");
  await page.getByText("Sun 22:00–06:00").waitFor();
  await send(page, "DELETE", `/receivers/${id}`);
});

/* Only the mock takes a code that no mail brought. */
test.skipIf(!mocked)("nothing is told to an address until its code is given", async () => {
  const { page } = tab;
  const address = `team-${Date.now()}@acme.test`;
  await open(page, "/receivers?edit=new");
  const form = page.getByRole("dialog", { name: "New receiver" });
  await form.getByRole("combobox", { name: "Platform" }).click();
  await page.getByRole("option", { name: "E-mail" }).click();
  await form.getByRole("textbox", { name: "Name", exact: true }).fill(address);
  await form.getByRole("textbox", { name: "Short name" }).fill("team-mail");
  await form.getByRole("textbox", { name: "Address" }).fill(address);
  await form.getByRole("button", { name: "Save receiver" }).click();
  // On the page of the new receiver, where the code is asked for.
  const code = page.getByRole("textbox", { name: "Code" });
  await code.fill("wrong");
  await code.press("Enter");
  await page.getByRole("alert").getByText("This is not the code that was mailed last").waitFor();
  await settled(page);
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await settled(page);
  await expectContrast(page);
  await code.fill("01ab-23cd");
  await code.press("Enter");
  await page.getByText("Nothing is told here yet").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Send test" }).waitFor();
  await send(page, "DELETE", `/receivers/${new URL(page.url()).pathname.split("/").at(-1)}`);
});

/* A server that others use keeps its default. */
test.skipIf(!mocked)("the console warns as long as nobody would be told", async () => {
  const { page } = tab;
  const receivers = (await listed(page, "/receivers")) as { id: string; is_default: boolean }[];
  const usual = receivers.find((one) => one.is_default);
  if (!usual) throw new Error("The mock has no default receiver");
  const warning = page.getByRole("alert").filter({ hasText: "Nobody would be told of some issues" });
  await send(page, "PUT", `/receivers/${usual.id}`, { ...usual, min_severity: "high" });
  await open(page, "/receivers");
  await warning.getByText("of medium or low severity now").waitFor();
  await send(page, "PUT", `/receivers/${usual.id}`, { ...usual, is_default: false });
  await open(page, "/");
  await warning.getByText("of any severity now").waitFor();
  await warning.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: "Receivers" }).waitFor();
  await send(page, "PUT", `/receivers/${usual.id}`, usual);
  await open(page, "/receivers");
  await page.getByText("devops-slack").waitFor();
  expect(await warning.count()).toBe(0);
});
