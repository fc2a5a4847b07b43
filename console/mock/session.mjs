/* Who is signed in: sessions in memory, and what each may do where it is. */
import { randomUUID } from "node:crypto";
import { Problem } from "./http.mjs";
import { members, organization, organizations, PASSWORD, rightsOf } from "./people.mjs";

export const CSRF = "mock-csrf";

/** Somebody whose organization nothing has come into yet. */
export const newcomer = { ...members[0], user_id: "00000000-0000-7000-8000-000000000001", email: "new@acme.test", name: "Nora New" };

let sessions = [];
/** The organizations that people joined beside the first, by their address. */
const joined = new Map([["ada@acme.test", [organizations[1]]]]);
/** Passwords that were chosen; all others are the same. */
const passwords = new Map();

const people = () => [...members, newcomer];
export const personOf = (email) => people().find((one) => one.email === email);

/** Where somebody may enter. An account that nobody proved stays where it was made. */
const placesOf = ({ email }) => [organization, ...(joined.get(email) ?? [])];
export const join = (email, place) => void joined.set(email, [...(joined.get(email) ?? []), place]);

export const isPassword = (email, password) => password === (passwords.get(email) ?? PASSWORD);

export function choosePassword(email, password) {
  const detail = "must have 12 to 128 characters";
  if (password.length < 12 || password.length > 128) throw new Problem(422, "invalid_password", "Invalid password", detail, [{ pointer: "/password", detail }]);
  passwords.set(email, password);
}

export function meOf({ person, place }) {
  const { user_id: id, email, name, avatar_url, email_verified, auth_provider, role } = person;
  const user = { id, email, name, avatar_url, email_verified, has_password: auth_provider === "local" };
  return { user, token: null, organization: place, role, ...rightsOf(person), csrf_token: CSRF, organizations: placesOf(person) };
}

export function sessionOf(request) {
  const id = /steward_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const session = sessions.find((one) => one.id === id);
  if (!session) throw new Problem(401, "unauthenticated", "Not signed in", "Sign in first.");
  session.last_seen_at = new Date().toISOString();
  return session;
}

function placeNamed(person, slug) {
  const place = placesOf(person).find((one) => !slug || one.slug === slug);
  if (!place) throw new Problem(403, "no_membership", "Forbidden", "you are no member of this organization");
  return place;
}

/** Lets somebody in, where they want to be. */
export function enter(person, { request, response }, slug) {
  if (person.status !== "active") throw new Problem(403, "user_inactive", "Inactive", "This account is inactive.");
  const now = new Date();
  const session = {
    id: randomUUID(), person, place: placeNamed(person, slug), ip: "127.0.0.1", user_agent: request.headers["user-agent"] ?? null,
    created_at: now.toISOString(), last_seen_at: now.toISOString(), expires_at: new Date(now.getTime() + 7 * 86_400_000).toISOString(),
  };
  sessions.push(session);
  response.setHeader("set-cookie", `steward_session=${session.id}; Path=/; HttpOnly; SameSite=Lax`);
  return meOf(session);
}

export function move(session, slug) {
  session.place = placeNamed(session.person, slug);
  return meOf(session);
}

export const ownSessions = (session) =>
  sessions
    .filter((one) => one.person === session.person)
    .map(({ person: _person, place, ...one }) => ({ ...one, organization: place.name, current: one.id === session.id }))
    .toReversed();

/** Ends the sessions of a person that are to end. */
export function endSessions(person, isToEnd) {
  sessions = sessions.filter((session) => session.person !== person || !isToEnd(session));
}
