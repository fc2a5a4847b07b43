//! The schema's history, forwards and backwards.

use std::sync::LazyLock;

use kernel::{Error, Result};
use platform::db::{Db, SystemTx, Work};
use sqlx::migrate::{Migrate, MigrateError, Migrator};

/// Compiled in, so that a binary and its schema belong together.
pub static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("../../migrations");
    // Its own lock belongs to a session, which a pooler in transaction mode does not keep; see `exclusively`.
    migrations.set_locking(false);
    migrations
});

/// Brings the schema up to date, or leaves it as it was; answers whether there was none before. Several processes may
/// start at once: one migrates, the others wait.
pub async fn up(db: &Db) -> Result<bool> {
    let mut tx = exclusively(db).await?;
    let before: bool =
        sqlx::query_scalar("select to_regclass('organizations') is null").fetch_one(tx.conn()).await?;
    MIGRATIONS.run(tx.conn()).await.map_err(explain)?;
    tx.commit().await?;
    Ok(before)
}

/// Takes the newest migrations back.
pub async fn down(db: &Db, steps: usize) -> Result<()> {
    let mut tx = exclusively(db).await?;
    tx.conn().ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(explain)?;
    let applied = tx.conn().list_applied_migrations(&MIGRATIONS.table_name).await.map_err(explain)?;
    let target = applied.iter().rev().nth(steps).map_or(0, |migration| migration.version);
    MIGRATIONS.undo(tx.conn(), target).await.map_err(explain)?;
    tx.commit().await
}

/// A transaction of the owner of the tables, beside which no other one migrates. Lock and role end with it, so it works
/// through a pooler in transaction mode, and what fails half way leaves nothing.
async fn exclusively(db: &Db) -> Result<SystemTx> {
    let mut tx = db.working(Work::Migration).system("the schema belongs to no organization").await?;
    let lock = "select pg_advisory_xact_lock(hashtextextended('migrations', 0))";
    sqlx::query(lock).execute(tx.conn()).await?;
    Ok(tx)
}

fn explain(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => Error::invalid(
            "schema_too_new",
            format!(
                "the database has migration {version}, which this version of steward does not know; use a newer one"
            ),
        ),
        MigrateError::VersionMismatch(version) => Error::invalid(
            "schema_changed",
            format!(
                "migration {version} was applied with another content; this database was not made by a release"
            ),
        ),
        MigrateError::Execute(error) => error.into(),
        other => Error::internal(other),
    }
}

/// The versions of those that were applied.
pub async fn applied(db: &Db) -> Result<Vec<i64>> {
    let mut tx = exclusively(db).await?;
    tx.conn().ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(explain)?;
    let applied = tx.conn().list_applied_migrations(&MIGRATIONS.table_name).await.map_err(explain)?;
    // Not committed: asking leaves no table behind.
    Ok(applied.into_iter().map(|migration| migration.version).collect())
}
