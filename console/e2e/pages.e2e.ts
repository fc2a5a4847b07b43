/* Every page, in both schemes and on both widths: it shows itself, fits, breaks nothing and is accessible. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concludedIssue, DESKTOP, expectAccessible, launch, listed, newContext, open, PHONE, type Scheme, signedIn, watchErrors, baseUrl } from "./browser";

const PAGES: [string, string | ((page: Page) => Promise<string>)][] = [
  ["overview", "/"],
  ["alerts", "/alerts"],
  ["one alert", async (page) => `/alerts/${(await listed(page, "/alerts"))[0]?.id}`],
  ["issues", "/issues"],
  ["one issue", async (page) => `/issues/${await concludedIssue(page)}`],
  ["skills", "/skills"],
  ["one skill", async (page) => `/skills/${(await listed(page, "/skills"))[0]?.id}`],
  ["new skill", "/skills/new"],
  ["bindings", "/bindings"],
  ["new binding", "/bindings?edit=new"],
  ["tools", "/tools"],
  ["one tool", async (page) => `/tools/${(await listed(page, "/tools"))[0]?.id}`],
  ["new tool", "/tools/new"],
  ["receivers", "/receivers"],
  ["new receiver", "/receivers?edit=new"],
  ["one receiver", async (page) => `/receivers/${(await listed(page, "/receivers"))[0]?.id ?? "none"}`],
  ["members", "/members"],
  ["invite", "/members?invite=yes"],
  ["tokens", "/tokens"],
  ["new token", "/tokens?create=yes"],
  ["settings", "/settings"],
  ["audit", "/audit"],
  ["dead jobs", "/jobs"],
  ["not found", "/nothing-here"],
];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe.each<[string, typeof DESKTOP, Scheme]>([
  ["desktop, light", DESKTOP, "light"],
  ["desktop, dark", DESKTOP, "dark"],
  ["phone, dark", PHONE, "dark"],
])("%s", (_, viewport, scheme) => {
  let page: Page;
  let errors: string[];
  beforeAll(async () => {
    page = await signedIn(browser, { viewport, scheme });
    errors = watchErrors(page);
  });
  afterAll(() => page.context().close());

  test.each(PAGES)("%s", async (_, place) => {
    errors.length = 0;
    await open(page, typeof place === "string" ? place : await place(page));
    // A dialog that still fades in would be measured against the wrong background.
    await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect?.getTiming().iterations === Infinity));
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, "the page is wider than the window").toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
  });

  test("sign-in", async () => {
    const context = await newContext(browser, { viewport, scheme });
    const anonymous = await context.newPage();
    await anonymous.goto(`${baseUrl}/alerts`);
    await anonymous.getByRole("button", { name: "Sign in" }).waitFor();
    await expectAccessible(anonymous);
    await context.close();
  });
});
