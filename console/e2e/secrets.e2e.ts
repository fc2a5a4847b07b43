/* Credentials that were replaced: used again, and forgotten. */
import { expect, test } from "vitest";
import { send } from "./api";
import { inBrowser, open } from "./browser";

const tab = inBrowser();

test("a credential that was replaced is used again, and what is left of it forgotten", async () => {
  const { page } = tab;
  const receiver_im = `versions-${Date.now()}`;
  const receiver = { name: receiver_im, receiver_im, im_type: "slack", transport: "bot", destination_id: "C1", status: "inactive" };
  const { id } = await send<{ id: string }>(page, "POST", "/receivers", { ...receiver, bot_token: "xoxb-first" });
  await send(page, "PUT", `/receivers/${id}`, { ...receiver, bot_token: "xoxb-second" });
  await open(page, `/receivers/${id}`);
  const versions = page.getByRole("list", { name: "Versions of bot_token" });
  await versions.getByText("Version 2").waitFor();
  await page.getByRole("button", { name: "Use version 1 of bot_token again" }).click();
  await page.getByText("Version 1 is in use again").waitFor();
  await versions.getByText("Version 3").waitFor();
  expect(await versions.getByRole("listitem").count()).toBe(2);
  await page.getByRole("button", { name: "Forget earlier" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
  await page.getByText("Earlier versions forgotten").waitFor();
  await versions.getByText("Version 2").waitFor({ state: "detached" });
  await send(page, "DELETE", `/receivers/${id}`);
});
