//! The migrations that are compiled in, so that a binary and its schema belong together.

use std::sync::LazyLock;

use kernel::Result;
use platform::db::{Db, schema};
use sqlx::migrate::Migrator;

pub static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("../../migrations");
    // Its own lock belongs to a session, which a pooler in transaction mode does not keep; `schema` has another.
    migrations.set_locking(false);
    migrations
});

/// [`schema::up`] with these.
pub async fn up(db: &Db) -> Result<bool> {
    schema::up(db, &MIGRATIONS).await
}

/// [`schema::down`] with these.
pub async fn down(db: &Db, steps: usize) -> Result<()> {
    schema::down(db, &MIGRATIONS, steps).await
}
