//! What was applied to a database, by whatever version.

use std::collections::BTreeMap;

use kernel::Result;
use sqlx::migrate::{Migrate, Migration, Migrator};

use super::{changed, explain, file, too_new, ups};
use crate::db::SystemTx;

/// A migration that was applied.
#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    description: String,
    checksum: Vec<u8>,
    expands: bool,
}

pub(super) struct History(BTreeMap<i64, Applied>);

/// A migration as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaStep {
    pub version: i64,
    pub description: String,
    pub applied: bool,
    /// Older versions can work beside it.
    pub expands: bool,
    /// This version has it.
    pub known: bool,
    pub in_transaction: bool,
}

impl History {
    pub async fn read(tx: &mut SystemTx, migrator: &Migrator) -> Result<Self> {
        tx.conn().ensure_migrations_table(&migrator.table_name).await.map_err(explain)?;
        let marked = "select exists (select from pg_attribute
            where attrelid = to_regclass('_sqlx_migrations') and attname = 'expands' and not attisdropped)";
        if !sqlx::query_scalar::<_, bool>(marked).fetch_one(tx.conn()).await? {
            let mark = "alter table _sqlx_migrations add column expands boolean not null default false";
            sqlx::query(mark).execute(tx.conn()).await?;
        }
        let query = "select version, description, checksum, expands from _sqlx_migrations order by version";
        let applied: Vec<Applied> = sqlx::query_as(query).fetch_all(tx.conn()).await?;
        Ok(Self(applied.into_iter().map(|applied| (applied.version, applied)).collect()))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn versions(&self) -> Vec<i64> {
        self.0.keys().copied().collect()
    }

    /// What is to be applied.
    ///
    /// # Errors
    /// When the database is not one that this version can work on.
    pub fn pending<'a>(&self, migrator: &'a Migrator) -> Result<Vec<&'a Migration>> {
        let differs = |migration: &&Migration| {
            self.0.get(&migration.version).is_some_and(|applied| *applied.checksum != *migration.checksum)
        };
        if let Some(other) = ups(migrator).find(differs) {
            return Err(changed(other.version));
        }
        if let Some(newer) = self.unknown(migrator).find(|newer| !newer.expands) {
            return Err(too_new(newer.version));
        }
        Ok(ups(migrator).filter(|migration| !self.0.contains_key(&migration.version)).collect())
    }

    /// An older version may be started beside a newer one: no reason to worry.
    pub fn tell_of_newer(&self, migrator: &Migrator) {
        if let Some(newest) = self.unknown(migrator).last() {
            let migration = newest.version;
            tracing::info!(migration, "the database is newer than this version, which can work on it");
        }
    }

    fn unknown(&self, migrator: &Migrator) -> impl Iterator<Item = &Applied> {
        self.0.values().filter(|applied| ups(migrator).all(|known| known.version != applied.version))
    }

    pub fn steps(&self, migrator: &Migrator) -> Vec<SchemaStep> {
        let known = ups(migrator).map(|migration| SchemaStep {
            version: migration.version,
            description: migration.description.to_string(),
            applied: self.0.contains_key(&migration.version),
            expands: file::expands(migration.sql.as_str()),
            known: true,
            in_transaction: !migration.no_tx,
        });
        let unknown = self.unknown(migrator).map(|applied| SchemaStep {
            version: applied.version,
            description: applied.description.clone(),
            applied: true,
            expands: applied.expands,
            known: false,
            in_transaction: true,
        });
        let mut steps: Vec<_> = known.chain(unknown).collect();
        steps.sort_by_key(|step| step.version);
        steps
    }
}

/// Notes of an applied migration whether it expands.
pub(super) async fn mark(tx: &mut SystemTx, version: i64, expands: bool) -> Result<()> {
    let query = "update _sqlx_migrations set expands = $2 where version = $1";
    sqlx::query(query).bind(version).bind(expands).execute(tx.conn()).await?;
    Ok(())
}
