/* What a page shows while it waits, when it is refused, and when there is nothing: the server's answers are made up. */
import type { Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { baseUrl, expectAccessible, inBrowser } from "./browser";

const tab = inBrowser();

const ID = "00000000-0000-7000-8000-000000000001";
const LISTS: [string, string][] = [
  ["/alerts", "No alerts yet"],
  ["/issues", "No issues yet"],
  ["/skills", "No skills yet"],
  ["/bindings", "No bindings yet"],
  ["/tools", "No tools yet"],
  ["/receivers", "No receivers yet"],
  ["/members", "No members yet"],
  ["/teams", "No units or teams yet"],
  ["/tokens", "No tokens yet"],
  ["/audit", "Nothing has been done yet"],
  ["/jobs", "No queues"],
  ["/jobs?tab=running", "Nothing runs"],
  ["/jobs?tab=available", "Nothing waits"],
  ["/jobs?tab=scheduled", "Nothing is scheduled"],
  ["/jobs?tab=finished", "Nothing is kept"],
  ["/jobs?tab=dead", "No dead letters"],
  ["/jobs?tab=cron", "No periodic tasks"],
];
const OTHERS = ["/", `/alerts/${ID}`, `/issues/${ID}`, `/skills/${ID}`, `/tools/${ID}`, `/receivers/${ID}`, "/settings"];

interface Answer {
  status: number;
  body: object;
}

const broken: Answer = { status: 409, body: { title: "It is broken", status: 409, code: "made_up", detail: "As made up by a test." } };
const refused: Answer = { status: 403, body: { title: "Forbidden", status: 403, code: "forbidden", detail: "As made up by a test." } };
const nothing: Answer = { status: 200, body: { items: [], next_cursor: null } };

/** Takes the place of the server for whatever a page reads. Nothing is answered before there is an answer to give. */
async function standIn(page: Page): Promise<(answer: Answer) => Promise<void>> {
  let given: Answer | null = null;
  const waiting: Route[] = [];
  const reply = (route: Route, { status, body }: Answer) => route.fulfill({ status, json: body });
  await page.route(/\/api\/v1\/(?!me$|auth\/|events)/, (route) => {
    if (given) return reply(route, given);
    waiting.push(route);
    return undefined;
  });
  return async (answer) => {
    given = answer;
    await Promise.all(waiting.splice(0).map((route) => reply(route, answer)));
  };
}

/** Opens a page whose reads wait, lets them fail, and asks again for the answer. */
async function openBroken(page: Page, path: string, then: Answer): Promise<void> {
  const answer = await standIn(page);
  await page.goto(baseUrl + path);
  await page.getByRole("main").getByRole("status", { name: "Loading" }).first().waitFor();
  await answer(broken);
  const failure = page.getByRole("main").getByRole("alert").first();
  await failure.getByText("As made up by a test.").waitFor();
  await failure.getByText("made_up").waitFor();
  await answer(then);
  await failure.getByRole("button", { name: "Try again" }).click();
}

describe("a list waits, tells of a failure, can be asked again, and says when it is empty", () => {
  test.each(LISTS)("%s", async (path, empty) => {
    await openBroken(tab.page, path, nothing);
    await tab.page.getByRole("main").getByRole("heading", { name: empty }).waitFor();
    await expectAccessible(tab.page);
  });
});

describe("a page waits, tells of a failure, can be asked again, and says when the role does not allow it", () => {
  test.each(OTHERS)("%s", async (path) => {
    await openBroken(tab.page, path, refused);
    await tab.page.getByRole("heading", { name: "Your role does not include this" }).first().waitFor();
    expect(await tab.page.getByRole("heading", { level: 1 }).count()).toBe(1);
  });
});
