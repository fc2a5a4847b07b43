//! What people do with their own accounts, in whichever organization they are.

use kernel::{Error, Result, UserId};
use platform::App;

use super::store;
use crate::members::{self, model::Person};

const REASON: &str = "an account belongs to a person";

pub(super) async fn rename(app: &App, user: UserId, name: Option<&str>) -> Result<()> {
    let mut tx = app.db.system(REASON).await?;
    store::rename(tx.conn(), user, name, app.clock.now()).await?;
    tx.commit().await
}

/// Whose account it is.
pub(crate) async fn person(app: &App, user: UserId) -> Result<Person> {
    let mut tx = app.db.system(REASON).await?;
    members::store::person(tx.conn(), user).await?.ok_or(Error::NotFound("user"))
}

/// The address of an account.
///
/// # Errors
/// `address_proved` when it is
pub(super) async fn address_to_prove(app: &App, user: UserId) -> Result<String> {
    let person = person(app, user).await?;
    if person.is_verified() {
        return Err(Error::conflict("address_proved", "your address is proved already"));
    }
    Ok(person.email)
}
