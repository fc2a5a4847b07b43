//! Invitations: how somebody becomes a member.
//!
//! An admin names an address and a role. The address gets a link by mail; on a server without mail, or when the admin wants it so,
//! the link is shown once to the admin, to be handed over. Whoever follows it accepts: a person with an account by signing in,
//! anybody else by choosing a password. No admin ever chooses a password for somebody else.
//!
//! - A link that went by mail proves the address: the account made with it is its person's everywhere.
//! - A link that its inviter saw proves nothing. The account made with it stays inside the organization and does not
//!   hold the address ([`crate::account`] tells how the address is proved later).
//! - Until it is accepted, the organization sees the address that it typed and nothing of a person, and every answer is the same
//!   whether that address has an account or not.
//!
//! | state | sent again | revoked | accepted | declined | a week passes | inviter loses the right |
//! |---|---|---|---|---|---|---|
//! | pending | pending, with a new link and another week | revoked | accepted | declined | expired | revoked |
//! | expired | pending | revoked | refused | refused | expired | revoked |
//! | accepted, declined, revoked | refused | refused | refused | refused | as it is | as it is |
//!
//! An invitation that nobody answers expires; inviting the address again replaces it.

pub(crate) mod actions;
pub(crate) mod answer_routes;
pub(crate) mod answers;
pub(crate) mod guests;
mod jobs;
pub(crate) mod model;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod views;

pub(crate) use jobs::register;
