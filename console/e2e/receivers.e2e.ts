/* An address of e-mail, which has to agree before it is told anything. Only the mock takes a code that no mail brought. */
import { test } from "vitest";
import { inBrowser, mocked, open } from "./browser";
import { send } from "./api";

const tab = inBrowser();

test.skipIf(!mocked)("nothing is told to an address until its code is given", async () => {
  const { page } = tab;
  const address = `team-${Date.now()}@acme.test`;
  const receiver = { name: address, receiver_im: "team-mail", im_type: "email", transport: "smtp", destination_id: address, status: "active" };
  const { id } = await send<{ id: string }>(page, "POST", "/receivers", receiver);
  await open(page, `/receivers/${id}`);
  const code = page.getByRole("textbox", { name: "Code" });
  const confirm = page.getByRole("button", { name: "Confirm" });
  await code.fill("wrong");
  await confirm.click();
  await page.getByText("The address was not confirmed").waitFor();
  await code.fill("01ab-23cd");
  await confirm.click();
  await page.getByText("Nothing is told here yet").waitFor({ state: "detached" });
  await send(page, "DELETE", `/receivers/${id}`);
});
