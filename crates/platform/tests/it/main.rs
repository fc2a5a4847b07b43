//! The platform on a real database. A separate binary, because the test database is built on the platform itself.

mod idempotency;
mod isolation;
mod jobs;
mod live;
mod record;
mod secrets;
