//! The schema's history, forwards and backwards.
//!
//! The files are sqlx's, and so is the table of what was applied; it has one column more, which says of each migration whether older versions
//! can work beside it (`expands`). A binary starts on a database that is newer than itself if all that is newer is so, and it neither takes
//! anything back nor complains. migrations/README.md has the rules for whoever writes one.
//!
//! What is pending is applied in one transaction, under a lock: one process does it, the others wait. A migration that cannot run in one
//! stands by itself between two such transactions ([`alone`]).

mod alone;
mod file;
mod history;

use std::time::Duration;

use kernel::{Error, Result};
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::{Db, SystemTx, Work};
use history::History;

pub use history::SchemaStep;

/// How often a process that waits looks whether it is its turn.
const ASK_AGAIN: Duration = Duration::from_millis(200);

/// Brings the schema up to date; answers whether there was none before. Several processes may do so at once.
///
/// # Errors
/// `schema_too_new`, `schema_changed`. What was applied in the same transaction as a migration that fails is taken back with it.
pub async fn up(db: &Db, migrator: &Migrator) -> Result<bool> {
    let mut fresh = None;
    loop {
        let mut tx = exclusively(db).await?;
        let history = History::read(&mut tx, migrator).await?;
        history.tell_of_newer(migrator);
        fresh.get_or_insert(history.is_empty());
        let pending = history.pending(migrator)?;
        let together: Vec<_> = pending.iter().copied().take_while(|migration| !migration.no_tx).collect();
        for migration in &together {
            tx.conn().apply(&migrator.table_name, migration).await.map_err(explain)?;
            history::mark(&mut tx, migration.version, file::expands(migration.sql.as_str())).await?;
        }
        match pending.get(together.len()) {
            None => {
                tx.commit().await?;
                return Ok(fresh.unwrap_or_default());
            }
            Some(migration) if together.is_empty() => alone::apply(db, tx, migrator, migration).await?,
            Some(_) => tx.commit().await?,
        }
    }
}

/// Takes the newest migrations back.
///
/// # Errors
/// `schema_too_new` where a newer version applied them: it alone knows how.
pub async fn down(db: &Db, migrator: &Migrator, steps: usize) -> Result<()> {
    let mut tx = exclusively(db).await?;
    let applied = History::read(&mut tx, migrator).await?.versions();
    let target = applied.iter().rev().nth(steps).copied().unwrap_or_default();
    migrator.undo(tx.conn(), target).await.map_err(explain)?;
    tx.commit().await
}

/// All that was applied or is pending, in order.
pub async fn status(db: &Db, migrator: &Migrator) -> Result<Vec<SchemaStep>> {
    let mut tx = exclusively(db).await?;
    // Not committed: asking leaves no table behind.
    Ok(History::read(&mut tx, migrator).await?.steps(migrator))
}

/// A transaction of the owner of the tables, beside which no other one migrates. Lock and role end with it, so it works
/// through a pooler in transaction mode, and what fails half way leaves nothing.
async fn exclusively(db: &Db) -> Result<SystemTx> {
    let mut tx = db.working(Work::Migration).system("the schema belongs to no organization").await?;
    wait_for_turn(&mut tx).await?;
    Ok(tx)
}

/// Takes the lock for this transaction. It is asked for again and again rather than waited for: a statement that waits holds a snapshot, and who has
/// the lock may be making an index concurrently, which waits for every snapshot.
pub(super) async fn wait_for_turn(tx: &mut SystemTx) -> Result<()> {
    let lock = "select pg_try_advisory_xact_lock(hashtextextended('migrations', 0))";
    while !sqlx::query_scalar::<_, bool>(lock).fetch_one(tx.conn()).await? {
        tokio::time::sleep(ASK_AGAIN).await;
    }
    Ok(())
}

/// The migrations forwards.
fn ups(migrator: &Migrator) -> impl Iterator<Item = &Migration> {
    migrator.iter().filter(|migration| migration.migration_type.is_up_migration())
}

fn explain(error: MigrateError) -> Error {
    match error {
        MigrateError::VersionMissing(version) => too_new(version),
        MigrateError::VersionMismatch(version) => changed(version),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => Error::internal(other),
    }
}

fn too_new(version: i64) -> Error {
    let detail = format!(
        "the database has migration {version}, which this version of steward does not know and cannot work beside; use a newer one"
    );
    Error::invalid("schema_too_new", detail)
}

fn changed(version: i64) -> Error {
    let detail = format!(
        "migration {version} was applied with another content; this database was not made by a release"
    );
    Error::invalid("schema_changed", detail)
}
