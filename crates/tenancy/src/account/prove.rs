//! An address is proved.
//!
//! Whoever made an unverified account may have been anybody, its inviter included. So nothing that opened it before lives
//! on: its password, sessions and tokens are discarded. Where the address is verified already, the two are one person: the
//! membership goes to the verified account, whose password stays what it is.

use kernel::{Error, Result};
use platform::{App, record::Change};

use super::{By, store};
use crate::{
    events::{self, Account, MemberAddressProved},
    members::{self, model::Person},
    ownership::{as_owner, as_tenant},
    sessions, throttle,
};

/// What became of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proved {
    /// It is its person's everywhere, with the new password.
    Verified,
    /// The address had an account already, which is a member now.
    Merged,
}

/// Ends what opened an unverified account, and lets its person have it.
pub(crate) async fn prove(app: &App, by: &By<'_>, person: &Person, hash: &str) -> Result<Proved> {
    let home = person.home_org_id.ok_or_else(|| Error::internal("this address is proved already"))?;
    let mut tx = app.db.tenant(by.scope(app, home)).await?;
    let (org, now) = (tx.org(), tx.now());
    as_owner(&mut tx, "an account is a person's, not an organization's").await?;
    sessions::store::delete_all_of_person(tx.conn(), person.id, None).await?;
    throttle::forget_devices(tx.conn(), person.id).await?;
    store::revoke_tokens(tx.conn(), person.id, now).await?;
    let verified = members::store::person_by_email(tx.conn(), &person.email).await?;
    let (proved, id) = match &verified {
        Some(verified) => {
            store::merge(tx.conn(), org, person.id, verified.id).await?;
            (Proved::Merged, verified.id)
        }
        None => {
            store::verify(tx.conn(), person.id, hash, now).await?;
            (Proved::Verified, person.id)
        }
    };
    as_tenant(&mut tx).await?;
    let change = Change::between(Account::of(person.id), Account::of(id));
    tx.record::<MemberAddressProved, _>(events::member(id), change).await?;
    tx.commit().await?;
    Ok(proved)
}
