//! A person's own account: their password, their name, and the proof of their address.
//!
//! An account belongs to its person, across organizations. Its password is set by whoever knows the one before
//! ([`password`]), by whoever reads the mail of its address ([`reset`]), or by the operator's command line; by no admin.
//!
//! | account | by | becomes |
//! |---|---|---|
//! | none | the link of an invitation that went by mail, Supabase, the operator | verified |
//! | none | the link of an invitation that its inviter saw | unverified, in that organization |
//! | unverified | a link by mail to its address, the operator | verified: password and sessions are discarded ([`prove`]) |
//! | unverified, while the address is verified elsewhere | the same | gone: its membership goes to the verified account |
//! | unverified | its membership is removed | gone |
//! | verified | its last membership is removed | verified, with nowhere to go |

use kernel::OrgId;
use platform::{
    App,
    db::{Actor, Origin, Scope},
};

pub(crate) mod actions;
pub(crate) mod password;
pub(crate) mod prove;
pub(crate) mod reset;
pub(crate) mod routes;
mod store;
#[cfg(test)]
mod tests;

/// Who changes an account, and from where: both stand in the record of each organization concerned.
pub(crate) struct By<'a> {
    pub actor: Actor,
    pub origin: &'a Origin,
}

impl By<'_> {
    fn scope(&self, app: &App, org: OrgId) -> Scope {
        let (actor, origin) = (self.actor.clone(), self.origin.clone());
        Scope { actor, origin, ..app.db.system_scope(org, "account") }
    }
}
