/* Every page, in both schemes and on both widths: it shows itself, fits, breaks nothing and is accessible. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concludedIssue, invite, listed } from "./api";
import { baseUrl, DESKTOP, expectAccessible, expectContrast, launch, newContext, open, PHONE, type Scheme, settled, signedIn, watchErrors } from "./browser";

const PAGES: [string, string | ((page: Page) => Promise<string>)][] = [
  ["overview", "/"],
  ["overview of a day", "/?days=1"],
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
  ["own account", "/account"],
  ["teams", "/teams"],
  ["tokens", "/tokens"],
  ["new token", "/tokens?create=yes"],
  ["settings", "/settings"],
  ["audit", "/audit"],
  ["queues", "/jobs"],
  ["running jobs", "/jobs?tab=running"],
  ["waiting jobs", "/jobs?tab=available"],
  ["scheduled jobs", "/jobs?tab=scheduled"],
  ["finished jobs", "/jobs?tab=finished"],
  ["dead letters", "/jobs?tab=dead"],
  ["periodic tasks", "/jobs?tab=cron"],
  ["not found", "/nothing-here"],
];

interface Look {
  name: string;
  viewport: typeof DESKTOP;
  scheme: Scheme;
  /* What is in the page differs with its width, and what can be read differs with its colours. */
  check: (page: Page) => Promise<void>;
}

const LOOKS: Look[] = [
  { name: "desktop, light", viewport: DESKTOP, scheme: "light", check: expectAccessible },
  { name: "desktop, dark", viewport: DESKTOP, scheme: "dark", check: expectContrast },
  { name: "phone, dark", viewport: PHONE, scheme: "dark", check: expectAccessible },
  { name: "phone, light", viewport: PHONE, scheme: "light", check: expectContrast },
];

/** Tables of which a part can be reached by scrolling sideways only. */
function cutTables(page: Page): Promise<(string | null)[]> {
  return page.getByRole("table").evaluateAll((tables) =>
    tables.filter((table) => table.parentElement && table.parentElement.scrollWidth > table.parentElement.clientWidth).map((table) => table.getAttribute("aria-label")),
  );
}

/** Looks at what is shown in each way it can be looked at. Opened once, since a page must also bear being resized. */
async function expectGoodLooks(page: Page): Promise<void> {
  for (const { name, viewport, scheme, check } of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${name}: the page is wider than the window`).toBeLessThanOrEqual(0);
    expect(await cutTables(page), `${name}: tables that are wider than their place`).toEqual([]);
    await check(page);
  }
  for (const width of [768, 1024]) {
    await page.setViewportSize({ width, height: 900 });
    await settled(page);
    expect(await cutTables(page), `${width} px: tables that are wider than their place`).toEqual([]);
  }
}

let browser: Browser;
let page: Page;
let errors: string[];
beforeAll(async () => {
  browser = await launch();
  page = await signedIn(browser);
  errors = watchErrors(page);
});
afterAll(() => browser.close());

test.each(PAGES)("%s", async (_, place) => {
  errors.length = 0;
  await page.setViewportSize(DESKTOP);
  await open(page, typeof place === "string" ? place : await place(page));
  await expectGoodLooks(page);
  expect(errors).toEqual([]);
});

/** What somebody sees who comes with a link and is not signed in. */
test.each([
  ["the page of an invitation", (link: string) => link],
  ["an invitation without its link", () => `${baseUrl}/invitation`],
  ["a new password", () => `${baseUrl}/password#made-up`],
])("%s", async (_, place) => {
  const context = await newContext(browser);
  const anonymous = await context.newPage();
  await anonymous.goto(place(await invite(page, { email: `looks-${Date.now()}@steward.example`, role: "viewer" })));
  await anonymous.getByRole("button").or(anonymous.getByRole("link")).first().waitFor();
  await expectGoodLooks(anonymous);
  await context.close();
});

test("sign-in", async () => {
  const context = await newContext(browser);
  const anonymous = await context.newPage();
  await anonymous.goto(`${baseUrl}/alerts`);
  await anonymous.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await expectGoodLooks(anonymous);
  await context.close();
});
