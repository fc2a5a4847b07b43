//! The platform on a real database. A separate binary, because the test database is built on the platform itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends by a panic")]

mod away;
mod bursts;
mod cron;
mod exhaustion;
mod feed;
mod feed_readers;
mod files;
mod following;
mod fresh;
mod hints;
mod hot;
mod idempotency;
mod isolation;
mod jobs;
mod leadership;
mod live;
mod partitions;
mod queue;
mod queue_model;
mod queue_states;
mod record;
mod retention;
mod schema;
mod secret_versions;
mod secrets;
mod settings;
mod things;
mod timeouts;
