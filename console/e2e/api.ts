/* The server's API as the signed-in browser uses it, for what a test needs to be there. */
import type { Page } from "playwright-core";
import { account, baseUrl } from "./browser";

/** The rows of a list. */
export async function listed(page: Page, path: string): Promise<{ id: string; title?: string; name?: string }[]> {
  const answer = await page.context().request.get(`${baseUrl}/api/v1${path}`);
  return ((await answer.json()) as { items: { id: string }[] }).items;
}

/** The issue whose latest run has the most to show: with a cause, or else any that was concluded. */
export async function concludedIssue(page: Page): Promise<string> {
  const issues = (await listed(page, "/issues")) as { id: string; cause?: string | null; ai_conclusion?: string | null }[];
  const issue = issues.find((one) => one.cause) ?? issues.find((one) => one.ai_conclusion);
  if (!issue) throw new Error("The server has no concluded issue; run the demo first");
  return issue.id;
}

/** Changes something; what is there afterwards is the answer. */
export async function send<T>(page: Page, method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, data?: object): Promise<T> {
  const { request } = page.context();
  const me = (await (await request.get(`${baseUrl}/api/v1/me`)).json()) as { csrf_token: string };
  const answer = await request.fetch(`${baseUrl}/api/v1${path}`, { method, data, headers: { "X-CSRF-Token": me.csrf_token } });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

interface Invitation {
  email: string;
  role: string;
  node_id?: string;
}

/** Invites somebody by a link to hand over; answers the link. */
export async function invite(page: Page, invitation: Invitation): Promise<string> {
  const { link } = await send<{ link: string }>(page, "POST", "/invitations", { ...invitation, delivery: "link" });
  return link;
}

/** The short name of the organization that the tests work in. */
export async function organizationOf(page: Page): Promise<string> {
  const me = (await (await page.context().request.get(`${baseUrl}/api/v1/me`)).json()) as { organization: { slug: string } };
  return me.organization.slug;
}

/** A new member with the password of all tests, and what it takes to sign in: nobody proved the address, so the organization too. */
export async function addMember(page: Page, invitation: Invitation & { name?: string }): Promise<{ email: string; organization: string }> {
  const { name, ...rest } = invitation;
  const token = new URL(await invite(page, rest)).hash.slice(1);
  const organization = await organizationOf(page);
  // Without the cookies of the page, whose session this is not.
  const answer = await fetch(`${baseUrl}/api/v1/auth/invitation/accept`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, name, password: account.password }),
  });
  if (!answer.ok) throw new Error(`The invitation was not accepted: ${answer.status} ${await answer.text()}`);
  return { email: invitation.email, organization };
}

/** A unit or team of the organization, made for a test. */
export async function addNode(page: Page, kind: "unit" | "team", name: string, parent?: string): Promise<string> {
  const slug = name.toLowerCase().replaceAll(" ", "-");
  const { id } = await send<{ id: string }>(page, "POST", "/nodes", { kind, name, slug, ...(parent && { parent_id: parent }) });
  return id;
}

interface Posted {
  /** The node that the token is of; the whole organization without. */
  node?: string;
  /** Who is told; the default receiver without. */
  receiver?: string;
}

/** Posts alerts as Alertmanager does, with a token made for it. Their titles begin with the answer, which is unique. */
export async function postAlerts(page: Page, count: number, { node, receiver }: Posted = {}): Promise<string> {
  const mark = `e2e-${Date.now()}`;
  const { token } = await send<{ token: string }>(page, "POST", "/tokens", { name: mark, scopes: ["ingest"], ...(node && { node_id: node }) });
  const alerts = Array.from({ length: count }, (_, index) => ({
    status: "firing",
    labels: { alertname: "BrowserTest", severity: "low", mark, number: String(index) },
    annotations: { summary: `${mark} number ${index}` },
    startsAt: new Date().toISOString(),
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus.example/graph",
    fingerprint: `${mark}-${index}`,
  }));
  const answer = await page.context().request.post(`${baseUrl}/hooks/alertmanager`, {
    params: receiver ? { receiver_im: receiver } : {},
    headers: { Authorization: `Bearer ${token}` },
    data: { version: "4", groupKey: mark, status: "firing", receiver: "steward", groupLabels: { mark }, commonLabels: { mark }, commonAnnotations: {}, externalURL: "http://alertmanager.example", truncatedAlerts: 0, alerts },
  });
  if (answer.status() !== 202) throw new Error(`The hook answered ${answer.status()}: ${await answer.text()}`);
  return mark;
}
