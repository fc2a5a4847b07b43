//! Telling teams: who is told ([`receivers`]), what they are told ([`card`]), and how it gets there
//! ([`deliveries`], [`channels`]).
//!
//! A reaction to an event calls [`deliveries::announce`] in its own transaction: the names that an alert brought
//! are resolved to receivers, and each gets a delivery and a job. The job sends outside any transaction and then
//! records what came of it. What holds:
//!
//! - **Nothing is lost.** A delivery and its job commit with the event's effect, and only an answer of the
//!   platform ends them. A platform that says "later" is waited for as long as it says.
//! - **Nothing doubles**, except where a process dies between the platform's answer and our record; a platform that
//!   takes an idempotency key (Lark apps) never shows even that twice.
//! - **The newest state, the most urgent first.** The jobs of one receiver are a lane, each a turn for whatever is most urgent. A state that comes
//!   late never overwrites a newer one, and what no platform takes holds nobody up.
//! - **One slow receiver delays no other.**
//! - **One message for each subject**, edited where the platform can edit, posted anew where it cannot.
//! - **Secrets are write-only.** They are sealed, opened for one call, and scrubbed from what a platform answers.
//!
//! This crate never calls a language model and knows neither alerts nor issues: a subject is a type and an id.

pub(crate) mod addresses;
pub mod card;
pub mod channels;
pub mod deliveries;
pub mod events;
pub mod permissions;
pub mod receivers;
mod rendering;
pub mod retention;
mod tables;

use std::sync::Arc;

use kernel::Result;
use messengers::{email::Sending, lark};
use platform::{App, domain::Domain, outbound::Outbound};
use url::Url;

kernel::ids! {
    /// A place where a team is told.
    ReceiverId
    /// One message at a receiver.
    MessageId
    DeliveryId
    /// An address that has to agree to be told.
    AddressId
}

/// What the operator configures.
#[derive(Clone)]
pub struct Options {
    /// Where people reach this server; links in messages start with it.
    pub public_url: Url,
    pub slack_api_url: Url,
    pub lark_api_url: Url,
    /// The operator's mail server; without one a delivery by e-mail waits for a process that has it.
    pub mail: Option<Sending>,
}

/// What the handlers and jobs of this crate need.
#[derive(Clone)]
pub struct Deps {
    pub app: App,
    pub options: Arc<Options>,
    /// For the addresses in [`Options`]. What customers typed in goes through `app.outbound`.
    pub(crate) client: reqwest::Client,
    /// How Lark is reached, and the tokens that it gave.
    pub(crate) lark: lark::Access,
}

impl Deps {
    /// # Errors
    /// When the TLS roots of this machine cannot be loaded.
    pub fn new(app: App, options: Options) -> Result<Self> {
        let client = Outbound::trusted(messengers::TIMEOUT)?;
        let lark = lark::Access {
            client: client.clone(),
            api: options.lark_api_url.clone(),
            tokens: Arc::default(),
            clock: app.clock.clone(),
        };
        Ok(Self { app, options: Arc::new(options), client, lark })
    }

    /// The address of a page of the console, such as `issues/0199…`.
    pub fn link(&self, page: &str) -> String {
        format!("{}/{}", self.options.public_url.as_str().trim_end_matches('/'), page.trim_start_matches('/'))
    }
}

/// What receivers and deliveries bring.
pub fn domain(deps: Deps) -> Domain {
    let mut domain = Domain {
        api: channels::routes::routes(deps.clone())
            .merge(receivers::routes(deps.clone()))
            .merge(deliveries::routes(deps.clone())),
        queues: &["notify"],
        events: events::ALL,
        permissions: permissions::PERMISSIONS,
        sealed_keys: &[receivers::SEALED],
        settings: retention::SETTINGS,
        tables: tables::TABLES,
        ..Domain::new("notify")
    };
    addresses::jobs(deps.clone(), &mut domain.jobs);
    deliveries::jobs(deps, &mut domain.jobs);
    retention::cron(&mut domain.cron);
    domain
}

#[cfg(test)]
mod tests;
