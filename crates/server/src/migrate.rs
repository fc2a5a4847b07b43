//! The schema's history, forwards and backwards.

use kernel::{Error, Result};
use platform::db::Db;
use sqlx::migrate::{Migrate, MigrateError, Migrator};

use crate::{cli::Direction, settings::Database};

/// Compiled in, so that a binary and its schema belong together.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Brings the schema up to date; answers whether there was none before. Several processes may start at once: one
/// migrates, the others wait.
pub async fn up(db: &Db) -> Result<bool> {
    let mut connection = owner(db).await?;
    let before: bool =
        sqlx::query_scalar("select to_regclass('organizations') is null").fetch_one(&mut *connection).await?;
    MIGRATIONS.run(&mut *connection).await.map_err(explain)?;
    back(connection).await?;
    Ok(before)
}

/// Takes the newest migrations back.
pub async fn down(db: &Db, steps: usize) -> Result<()> {
    let mut connection = owner(db).await?;
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await.map_err(explain)?;
    let target = applied.iter().rev().nth(steps).map_or(0, |migration| migration.version);
    MIGRATIONS.undo(&mut *connection, target).await.map_err(explain)?;
    back(connection).await
}

type Connection = sqlx::pool::PoolConnection<sqlx::Postgres>;

/// A connection that works as the owner of the tables.
async fn owner(db: &Db) -> Result<Connection> {
    let mut connection = db.pool().acquire().await?;
    sqlx::query("reset role").execute(&mut *connection).await?;
    Ok(connection)
}

/// It must not go back into the pool with the owner's rights.
async fn back(connection: Connection) -> Result<()> {
    Ok(connection.close().await?)
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
        other => Error::internal(other),
    }
}

/// `steward migrate`.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn command(settings: &Database, direction: Direction, steps: usize) -> Result<()> {
    crate::serve::once(settings, async move |url| {
        let options = platform::db::Options {
            url,
            max_connections: 4,
            clock: std::sync::Arc::new(kernel::SystemClock),
            reactions: &[],
        };
        let db = Db::connect(options).await?;
        db.prepare().await?;
        match direction {
            Direction::Up => up(&db).await.map(drop)?,
            Direction::Down => down(&db, steps).await?,
            Direction::Status => {}
        }
        let applied = applied(&db).await?;
        for migration in MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration()) {
            let state = if applied.contains(&migration.version) { "applied" } else { "pending" };
            println!("{state:<8} {} {}", migration.version, migration.description);
        }
        Ok(())
    })
}

async fn applied(db: &Db) -> Result<Vec<i64>> {
    let mut connection = owner(db).await?;
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await.map_err(explain)?;
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await.map_err(explain)?;
    back(connection).await?;
    Ok(applied.into_iter().map(|migration| migration.version).collect())
}
