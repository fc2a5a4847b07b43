/* Who was invited, by which link, and what became of it. */
import { randomUUID } from "node:crypto";
import { find, page, Problem } from "./http.mjs";
import { ago, idOf } from "./ids.mjs";
import { emit } from "./live.mjs";
import { nodeOf, nodes } from "./nodes.mjs";
import { members, organization } from "./people.mjs";
import { join, personOf } from "./session.mjs";

const now = () => new Date().toISOString();
const WEEK = 7 * 86_400_000;
const other = { id: idOf("org3"), slug: "borealis", name: "Borealis Logistics" };

function invitation(email, role, more = {}) {
  const created_at = more.created_at ?? now();
  return {
    id: idOf(`invitation ${email}`), email, role, node_id: null, state: "pending", delivery: "mail", invited_by: "Ada Moreau", created_at,
    expires_at: new Date(Date.parse(created_at) + WEEK).toISOString(), sent_at: created_at, send_error: null, place: organization, generation: 1, ...more,
  };
}

const invitations = [
  invitation("kai@partner.example", "engineer", { created_at: ago(2_900), node_id: nodeOf("storage") }),
  invitation("lena@acme.test", "viewer", { created_at: ago(4_000), delivery: "link", sent_at: null }),
  invitation("olga@typo.example", "member", { created_at: ago(4_100), sent_at: null, send_error: "550 5.1.1 <olga@typo.example>: Recipient address rejected: User unknown" }),
  invitation("finn@acme.test", "member", { created_at: ago(14_000), state: "expired" }),
  invitation("vera@acme.test", "viewer", { created_at: ago(30_000), state: "accepted" }),
  invitation("contractor@agency.example", "engineer", { created_at: ago(33_000), state: "revoked" }),
  invitation("ada@acme.test", "supervisor", { id: idOf("ada elsewhere"), created_at: ago(800), place: other, invited_by: "Bo Lind" }),
];

const own = () => invitations.filter((one) => one.place === organization);
const row = ({ place: _place, generation: _generation, ...one }) => one;

/** A stand-in for what only the server can make and read. */
const secretOf = ({ id, generation, delivery }) => `mock-invitation.${id}.${delivery}.${generation}`;

const HOW = { expired: "has expired; ask for another", accepted: "was accepted already; sign in", declined: "was declined; ask for another", revoked: "was taken back; ask for another" };

function checkPending(one, ...also) {
  if (one.state === "pending" || also.includes(one.state)) return one;
  throw new Problem(409, "invitation_ended", "The invitation has ended", `this invitation ${HOW[one.state]}`);
}

function end(one, state) {
  one.state = state;
  emit(`invitation.${state}.v1`, "invitation", one.id);
}

function invited(one, { origin, host }) {
  return { ...row(one), link: one.delivery === "link" ? `${origin ?? `http://${host}`}/invitation#${secretOf(one)}` : null };
}

function add({ body, me, headers }) {
  const email = body.email.trim().toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new Problem(422, "invalid_email", "Invalid", "must be an e-mail address such as jo@example.com", [{ pointer: "/email", detail: "must be an e-mail address such as jo@example.com" }]);
  if (body.node_id) find(nodes, body.node_id);
  if (members.some((member) => member.email === email)) throw new Problem(409, "already_member", "A member already", `${email} is a member already`);
  if (own().some((one) => one.email === email && one.state === "pending")) {
    throw new Problem(409, "already_invited", "Invited already", `${email} is invited already; send that invitation again, or revoke it first`);
  }
  const delivery = body.delivery ?? "mail";
  const one = invitation(email, body.role, { id: randomUUID(), node_id: body.node_id ?? null, delivery, invited_by: me.name, sent_at: delivery === "mail" ? now() : null });
  invitations.unshift(one);
  emit("invitation.created.v1", "invitation", one.id);
  return invited(one, headers);
}

function resend({ id, body, headers }) {
  const one = checkPending(find(own(), id), "expired");
  const delivery = body.delivery ?? "mail";
  Object.assign(one, { state: "pending", delivery, generation: one.generation + 1, expires_at: new Date(Date.now() + WEEK).toISOString(), sent_at: delivery === "mail" ? now() : null, send_error: null });
  emit("invitation.resent.v1", "invitation", id);
  return invited(one, headers);
}

/** The open invitation that a link belongs to. */
export function byLink(token) {
  const one = invitations.find((candidate) => secretOf(candidate) === token);
  if (!one) throw new Problem(422, "invalid_link", "Invalid link", "this link is not valid, or not any more: use the newest one, or ask for another");
  return checkPending(one);
}

export function offerOf({ id, email, role, expires_at, place, delivery }) {
  return { id, organization: place.name, organization_slug: place.slug, email, role, expires_at, proves_address: delivery === "mail" };
}

/** What somebody who proved an address is invited to. */
export const openFor = (email) =>
  invitations
    .filter((one) => one.email === email && one.state === "pending")
    .map(({ id, place, role, invited_by, created_at, expires_at }) => ({ id, organization: place.name, role, invited_by, created_at, expires_at }));

export const ofPerson = (email, id) => checkPending(find(invitations.filter((one) => one.email === email), id));

/** Makes somebody a member as their invitation says; `person` is who they are. */
export function accept(one, person) {
  const node = nodes.find(({ id }) => id === one.node_id);
  if (one.place !== organization) join(one.email, one.place);
  else if (!personOf(one.email)) {
    const at = node ? [{ node_id: node.id, name: node.name, role: one.role, permissions: [] }] : [];
    const member = { user_id: randomUUID(), avatar_url: null, status: "active", user_status: "active", last_sign_in_at: now(), created_at: now(), ...person, email: one.email, role: node ? null : one.role, nodes: at };
    members.push(member);
    emit("member.added.v1", "member", member.user_id);
  }
  end(one, "accepted");
  return personOf(one.email);
}

export const decline = (one) => end(one, "declined");

export const invitationRoutes = {
  "GET /invitations": ["members:read", ({ query }) => page(own().map(row), query)],
  "POST /invitations": ["members:write", add],
  "POST /invitations/:id/resend": ["members:write", resend],
  "DELETE /invitations/:id": ["members:write", ({ id }) => end(checkPending(find(own(), id), "expired"), "revoked")],
};
