//! The machine that every domain runs on: the database and its tenant transactions, the record of what
//! happened, the job queue, HTTP, secrets, the live stream, outbound requests, telemetry.
//!
//! It knows no domain. A use case opens a [`db::TenantTx`], changes rows, records the change
//! ([`db::TenantTx::record`]), enqueues jobs, and commits: row, event, audit line and jobs together or not
//! at all. What happens next happens in a job ([`jobs`]) or is seen on the live stream ([`live`]).

pub mod db;
pub mod dead_letters;
pub mod domain;
pub mod erasure;
pub mod feed;
pub mod files;
pub mod hot;
pub mod http;
pub mod jobs;
pub mod key_check;
pub mod live;
pub mod outbound;
pub mod record;
pub mod retention;
pub mod search;
pub mod secrets;
pub mod settings;
mod tables;
pub mod telemetry;

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::Clock;

use crate::{domain::Domain, live::LiveHub};

/// What every domain needs: the database, time, sealed secrets, and a guarded way out.
#[derive(Clone)]
pub struct App {
    pub db: db::Db,
    pub clock: Arc<dyn Clock>,
    pub keyring: Arc<secrets::Keyring>,
    pub outbound: outbound::Outbound,
}

/// What happens to the machine's own things.
pub const EVENTS: &[&[record::Declared]] =
    &[jobs::JOBS, jobs::QUEUES, dead_letters::LETTERS, settings::SETTINGS, retention::EVENTS];

/// What the machine itself shows and keeps in order, in the shape of a domain. `events` and `set` are what
/// may happen in all domains, and what organizations may set of them.
pub fn domain(live: LiveHub, events: record::Catalogue, set: settings::Settings) -> Domain {
    let mut domain = Domain {
        api: live::routes(live).merge(settings::routes(set)),
        dead_letters: &[jobs::DEAD_JOBS],
        queues: &["default"],
        events: EVENTS,
        permissions: http::PERMISSIONS,
        settings: retention::SETTINGS,
        tables: tables::TABLES,
        ..Domain::new("platform")
    };
    domain.cron.every(TimeDelta::hours(1), "forget_record", move |db| {
        let events = events.clone();
        async move { record::forget_record(&db, &events).await }
    });
    domain.cron.every(TimeDelta::hours(1), "forget_dead_letters", |db| async move {
        dead_letters::forget_dead_letters(&db).await
    });
    domain.cron.every(TimeDelta::hours(1), "forget_finished_jobs", |db| async move {
        jobs::forget_finished_jobs(&db).await
    });
    domain.cron.every(TimeDelta::hours(1), "forget_earlier_secrets", |db| async move {
        secrets::forget_earlier_secrets(&db).await
    });
    domain.cron.every(TimeDelta::hours(1), "forget_idempotency_keys", |db| async move {
        http::forget_idempotency_keys(&db).await
    });
    domain
}
