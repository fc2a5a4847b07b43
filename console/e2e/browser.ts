import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from "vitest";

export const baseUrl = inject("baseUrl");
export const account = { email: inject("email"), password: inject("password") };
export const mocked = inject("mocked");
export const newcomer = inject("newcomer");

export type Scheme = "light" | "dark";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Chromium as it runs in a container: without a sandbox of its own, and without calls to the outside. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

interface Window {
  scheme?: Scheme;
  viewport?: typeof DESKTOP;
  email?: string;
  /** The short name of the one to enter, for an account that has to say. */
  organization?: string;
  /** With a session of its own, for a test that ends it. */
  fresh?: true;
}

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;
const sessions = new Map<string, Cookies>();

/** A browser window that is signed in. Sessions are shared, since a server counts and slows down sign-ins. */
export async function signedIn(browser: Browser, options: Window = {}): Promise<Page> {
  const context = await newContext(browser, options);
  const email = options.email ?? account.email;
  const known = options.fresh ? undefined : sessions.get(email);
  if (known) {
    await context.addCookies(known);
    return context.newPage();
  }
  const answer = await context.request.post(`${baseUrl}/api/v1/auth/sign-in`, { data: { email, password: account.password, organization: options.organization } });
  if (!answer.ok()) throw new Error(`The sign-in answered ${answer.status()}: ${await answer.text()}`);
  if (!options.fresh) sessions.set(email, await context.cookies());
  return context.newPage();
}

export function newContext(browser: Browser, { scheme = "light", viewport = DESKTOP }: { scheme?: Scheme; viewport?: typeof DESKTOP } = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport, colorScheme: scheme, reducedMotion: "reduce" });
}

/** What went wrong in the page while a test ran: scripts that failed, and requests that broke the server. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 500) errors.push(`${response.status()} ${response.url()}`);
  });
  return errors;
}

/** Opens a page and waits until it shows something other than grey lines. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(baseUrl + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("status", { name: "Loading" }).first().waitFor({ state: "detached" });
}

/** Waits until the page has taken on a new size or scheme and nothing fades any more: colours are measured as they stay. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect?.getTiming().iterations === Infinity));
}

/** Fails with the rule and the element for each fault of accessibility. */
export function expectAccessible(page: Page, ...without: string[]): Promise<void> {
  return expectNoFaults(new AxeBuilder({ page }).disableRules(without));
}

/** Fails with the element for each text that can hardly be told from its background. */
export function expectContrast(page: Page): Promise<void> {
  return expectNoFaults(new AxeBuilder({ page }).withRules("color-contrast"));
}

async function expectNoFaults(axe: AxeBuilder): Promise<void> {
  const { violations } = await axe.analyze();
  const faults = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 140)} ${node.any[0]?.message ?? ""}`));
  expect(faults).toEqual([]);
}

/** A browser for a file of tests, with a signed-in tab for each of them in which nothing may break. */
export function inBrowser(): { browser: Browser; page: Page } {
  const tab = {} as { browser: Browser; page: Page };
  let errors: string[];
  beforeAll(async () => {
    tab.browser = await launch();
  });
  afterAll(() => tab.browser.close());
  beforeEach(async () => {
    tab.page = await signedIn(tab.browser);
    errors = watchErrors(tab.page);
  });
  afterEach(async () => {
    await tab.page.context().close();
    expect(errors).toEqual([]);
  });
  return tab;
}
