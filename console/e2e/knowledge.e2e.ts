/* What the team knows and can call: skills, bindings and tools. */
import { describe, expect, inject, test } from "vitest";
import { send } from "./api";
import { baseUrl, inBrowser, mocked, open } from "./browser";
import { startMcpServer } from "./mcp-server";

const tab = inBrowser();

describe("a skill", () => {
  test("is written, checked while it is written, tried on past alerts and deleted", async () => {
    const name = `Browser test ${Date.now()}`;
    await open(tab.page, "/skills/new");
    await tab.page.getByLabel("Name").fill(name);
    await tab.page.getByLabel("Which problem it solves").fill("A problem that only this test has");
    await tab.page.getByLabel("Procedure in Markdown").fill("# Look\n\nRead **the log** first.\n");
    await tab.page.getByRole("group", { name: "Preview" }).getByText("the log").waitFor();
    await tab.page.getByText("Guidance only").waitFor();
    await tab.page.getByRole("button", { name: "Create skill" }).click();
    await tab.page.getByText("Skill saved").waitFor();
    await tab.page.getByRole("heading", { name, level: 1 }).waitFor();
    await tab.page.getByRole("button", { name: "Dry run" }).click();
    await tab.page.getByText(/would match\./).waitFor();
    await tab.page.getByRole("button", { name: "Delete" }).click();
    await tab.page.getByRole("dialog").getByRole("button", { name: "Delete skill" }).click();
    await tab.page.getByText("Skill deleted").waitFor();
    await tab.page.waitForURL(`${baseUrl}/skills`);
  });

  test("that two people edit at once is overwritten by nobody unawares", async () => {
    const { page } = tab;
    const skill = { name: `Two editors ${Date.now()}`, problem_description: "A problem that only this test has", sop: "# First\n", status: "active" };
    const { id } = await send<{ id: string }>(page, "POST", "/skills", skill);
    const path = `/skills/${id}`;
    const read = () => page.context().request.get(`${baseUrl}/api/v1${path}`);
    const conflict = page.getByRole("alert").filter({ hasText: "Somebody else changed this skill" });
    const text = page.getByLabel("Procedure in Markdown");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, path);

    await text.fill("# Mine\n");
    await send(page, "PUT", path, { ...skill, sop: "# Theirs\n" });
    await page.getByRole("button", { name: "Save" }).click();
    await conflict.getByRole("button", { name: "Load theirs" }).click();
    await page.getByRole("button", { name: "Copy mine" }).click();
    await page.getByText("Your text is on the clipboard").waitFor();
    expect(await text.inputValue()).toBe("# Theirs\n");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("# Mine");
    expect(await conflict.count()).toBe(0);

    await text.fill("# Mine after all\n");
    await send(page, "PUT", path, { ...skill, sop: "# Theirs again\n" });
    await page.getByRole("button", { name: "Save" }).click();
    await conflict.getByRole("button", { name: "Overwrite" }).click();
    await page.getByText("Skill saved").waitFor();
    expect(await (await read()).json()).toMatchObject({ sop: "# Mine after all\n" });
    await conflict.waitFor({ state: "detached" });
    await send(page, "DELETE", path);
  });

  test("names the line that cannot run", async () => {
    await open(tab.page, "/skills/new");
    await tab.page.getByLabel("Procedure in Markdown").fill("# Steps\n\n1. Read it\n   - run: `read_log(`\n");
    await tab.page.getByText("Line 4: the call is not closed").waitFor();
    await tab.page.getByText("1 error").waitFor();
  });
});

test("a binding is tried on an example before it is saved", async () => {
  await open(tab.page, "/bindings?edit=new");
  const form = tab.page.getByRole("dialog", { name: "New binding" });
  await form.getByLabel("Alert pattern").fill("/^KubePod/");
  await form.getByText("Matches title").waitFor();
  await form.getByRole("button", { name: "Which past alerts would this match?" }).click();
  await form.getByText(/would match\./).waitFor();
});

describe("a tool", () => {
  const [name, field] = mocked ? ["pod_logs", "pod"] : ["deploy_history", "service"];

  test("is run with arguments from its schema", async () => {
    await open(tab.page, "/tools");
    await tab.page.getByRole("link", { name }).click();
    await tab.page.getByRole("button", { name: "Run", exact: true }).click();
    await tab.page.getByText(`${field} is required`).waitFor();
    await tab.page.getByRole("textbox", { name: new RegExp(`^${field}`) }).fill("checkout");
    await tab.page.getByRole("button", { name: "Run", exact: true }).click();
    await tab.page.getByText("Succeeded").waitFor();
    await tab.page.getByRole("group", { name: "Result" }).getByText("checkout").first().waitFor();
  });

  test("is found on an MCP server, chosen, called and deleted", async () => {
    const wiki = await startMcpServer(inject("mcpPort"));
    const name = `wiki_${Date.now()}`;
    try {
      await open(tab.page, "/tools/new");
      await tab.page.getByLabel("Name").fill(name);
      await tab.page.getByRole("radiogroup", { name: "Type" }).getByText("MCP").click();
      await tab.page.getByLabel("Server address").fill(wiki.url);
      await tab.page.getByRole("button", { name: "What does it offer?" }).click();
      await tab.page.getByRole("button", { name: /search.*Full text over the wiki/s }).click();
      expect(await tab.page.getByLabel("What it does").inputValue()).toBe("Full text over the wiki");
      await tab.page.getByRole("button", { name: "Create tool" }).click();
      await tab.page.getByText("Tool saved").waitFor();
      await tab.page.getByRole("heading", { name, level: 1 }).waitFor();
      await tab.page.getByRole("textbox", { name: /^query/ }).fill("disk");
      await tab.page.getByRole("button", { name: "Run", exact: true }).click();
      await tab.page.getByText("Succeeded").waitFor();
      expect(await tab.page.getByRole("group", { name: "Result" }).innerText()).toContain('"query": "disk"');
      await tab.page.getByRole("button", { name: "Delete" }).click();
      await tab.page.getByRole("dialog").getByRole("button", { name: "Delete tool" }).click();
      await tab.page.getByText("Tool deleted").waitFor();
    } finally {
      wiki.stop();
    }
  });
});
