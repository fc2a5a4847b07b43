/* What somebody does who is not signed in: signing in, links of invitations and for new passwords. */
import { Problem } from "./http.mjs";
import { accept, byLink, decline, offerOf, ofPerson, openFor } from "./invitations.mjs";
import { choosePassword, endSessions, enter, isPassword, personOf, sessionOf } from "./session.mjs";
import { emailOf, methodAt } from "./supabase.mjs";

const wrong = () => new Problem(401, "invalid_credentials", "Wrong e-mail or password", "The e-mail or the password is wrong.");

function signIn({ body, ...exchange }) {
  if (body.email === "locked@acme.test") throw new Problem(429, "sign_in_locked", "Too many attempts", "Sign-in is locked for a while.", undefined, 287);
  const person = personOf(body.email);
  if (!person || !isPassword(body.email, body.password)) throw wrong();
  // Nobody proved whose address it is: such an account is found in its organization only.
  if (!person.email_verified && !body.organization) throw wrong();
  return enter(person, exchange, body.organization);
}

function signInWithSupabase({ body, ...exchange }) {
  const email = emailOf(body.access_token);
  if (body.accept) {
    const one = ofPerson(email, body.accept);
    return enter(accept(one, { name: null, email_verified: true, auth_provider: "supabase" }), exchange, one.place.slug);
  }
  const person = personOf(email);
  if (person) return enter(person, exchange, body.organization);
  if (openFor(email).length > 0) throw new Problem(403, "invitation_pending", "Forbidden", "you are invited: accept the invitation first");
  throw new Problem(403, "not_invited", "Forbidden", "nobody invited this e-mail; ask an administrator of your organization");
}

function acceptAsNew({ body, ...exchange }) {
  const one = byLink(body.token);
  const verified = one.delivery === "mail";
  if (personOf(one.email)) {
    if (verified) throw new Problem(409, "account_exists", "There is an account", "this address has an account; sign in with it, then accept the invitation");
    throw new Problem(409, "already_member", "A member already", `${one.email} is a member already`);
  }
  choosePassword(one.email, body.password);
  return enter(accept(one, { name: body.name ?? null, email_verified: verified, auth_provider: "local" }), exchange, one.place.slug);
}

/** A stand-in for the secret of a mailed link. */
const PREFIX = "mock-password-of:";

function setPassword({ body }) {
  const person = body.token.startsWith(PREFIX) && personOf(body.token.slice(PREFIX.length));
  if (!person) throw new Problem(422, "invalid_link", "Invalid link", "this link is not valid, or not any more: use the newest one, or ask for another");
  choosePassword(person.email, body.password);
  person.email_verified = true;
  endSessions(person, () => true);
  return { merged: false };
}

function signOut({ request, response }) {
  const session = sessionOf(request);
  endSessions(session.person, (one) => one === session);
  response.setHeader("set-cookie", "steward_session=; Path=/; Max-Age=0");
}

/** `METHOD /path` to what it answers to anybody. */
export const guestRoutes = {
  "GET /auth/methods": ({ address }) => ({ password: true, mail: true, supabase: methodAt(address) }),
  "POST /auth/sign-in": signIn,
  "POST /auth/sign-out": signOut,
  "POST /auth/supabase": signInWithSupabase,
  "POST /auth/supabase/invitations": ({ body }) => ({ items: openFor(emailOf(body.access_token)), next_cursor: null }),
  "POST /auth/invitation": ({ body }) => offerOf(byLink(body.token)),
  "POST /auth/invitation/accept": acceptAsNew,
  "POST /auth/invitation/decline": ({ body }) => decline(byLink(body.token)),
  "POST /auth/password-reset": () => undefined,
  "POST /auth/password": setPassword,
};
