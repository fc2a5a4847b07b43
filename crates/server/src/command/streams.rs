//! `steward streams`.

use kernel::{Result, Secret};
use platform::feed::Reader;
use uuid::Uuid;

use super::{actions::StreamsAction, admin::with_app};
use crate::process::{
    compose,
    settings::{Database, Keys},
};

/// Makes what a customer's program reads with, and prints its account. Called again, it prints a new password for the same.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn command(settings: &Database, keys: &Keys, action: StreamsAction) -> Result<()> {
    let StreamsAction::Reader { org, name, kinds, nats } = action;
    with_app(settings, keys, async move |app| {
        let options = nats.options()?;
        let org = tenancy::admin::scope(&app, &org).await?.org;
        let reader = Reader::new(org, name, kinds, &compose::disconnected()?.events)?;
        reader.prepare(&options).await?;
        let password = Secret::new(format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()));
        print!("{}", reader.account(&options.stream, &password));
        Ok(())
    })
}
