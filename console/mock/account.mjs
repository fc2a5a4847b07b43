/* What people do with their own account, whatever their role. */
import { find, Problem } from "./http.mjs";
import { accept, decline, ofPerson, openFor } from "./invitations.mjs";
import { choosePassword, endSessions, isPassword, meOf, move, ownSessions } from "./session.mjs";

function rename({ session, body }) {
  session.person.name = body.name?.trim() || null;
  return meOf(session);
}

function changePassword({ session, body }) {
  const { person, id } = session;
  const detail = "is not your present password";
  if (!isPassword(person.email, body.current_password)) throw new Problem(422, "wrong_password", "Invalid", detail, [{ pointer: "/current_password", detail }]);
  choosePassword(person.email, body.password);
  endSessions(person, (one) => one.id !== id);
}

function endOne({ session, id }) {
  find(ownSessions(session), id);
  endSessions(session.person, (one) => one.id === id);
}

/** Somebody whose address nobody proved is asked nothing. */
const addressOf = ({ person }) => (person.email_verified ? person.email : null);

function acceptOwn({ session, id }) {
  const one = ofPerson(addressOf(session), id);
  accept(one, session.person);
  return { organization_id: one.place.id, organization: one.place.slug };
}

/** Routes that need nobody's permission, only somebody. */
export const accountRoutes = {
  "GET /me": [null, ({ session }) => meOf(session)],
  "PATCH /me": [null, rename],
  "POST /me/organization": [null, ({ session, body }) => move(session, body.organization)],
  "PUT /me/password": [null, changePassword],
  "POST /me/address-proof": [null, () => undefined],
  "GET /me/sessions": [null, ({ session }) => ({ items: ownSessions(session), next_cursor: null })],
  "DELETE /me/sessions": [null, ({ session }) => endSessions(session.person, (one) => one.id !== session.id)],
  "DELETE /me/sessions/:id": [null, endOne],
  "GET /me/invitations": [null, ({ session }) => ({ items: openFor(addressOf(session)), next_cursor: null })],
  "POST /me/invitations/:id/accept": [null, acceptOwn],
  "POST /me/invitations/:id/decline": [null, ({ session, id }) => decline(ofPerson(addressOf(session), id))],
};
