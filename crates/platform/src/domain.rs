//! What a domain plugs into the server with: one declaration, made by the domain, folded by the server.
//!
//! Whatever the product can do, some [`Domain`] says so; there is no other list of routes, jobs, events, permissions, queues or tables.

use crate::{
    dead_letters::Source,
    http::{Grantable, Routes},
    jobs::{Cron, Registry},
    record::Declared,
    settings::AnySetting,
};

/// Everything that a domain brings.
pub struct Domain {
    /// As its crate and its migrations are called.
    pub name: &'static str,
    /// What people and programs call, with a session or a token.
    pub api: Routes,
    /// What other systems post to.
    pub hooks: Routes,
    /// The handlers of its jobs.
    pub jobs: Registry,
    /// Its reconcilers.
    pub cron: Cron,
    /// The queues that its jobs wait in, beside `default`.
    pub queues: &'static [&'static str],
    /// What it could not do and people may have tried again.
    pub dead_letters: &'static [Source],
    /// What may happen to its things.
    pub events: &'static [&'static [Declared]],
    /// What callers may be allowed to do with them.
    pub permissions: &'static [Grantable],
    /// What organizations may set of it.
    pub settings: &'static [&'static dyn AnySetting],
    /// How the keys of sealed values begin that it sets with the things they belong to; by hand nobody does.
    pub sealed_keys: &'static [&'static str],
    /// The tables that it owns, and the views that it publishes.
    pub tables: &'static [Table],
}

impl Domain {
    /// A domain that brings nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            api: Routes::new(),
            hooks: Routes::new(),
            jobs: Registry::default(),
            cron: Cron::default(),
            queues: &[],
            dead_letters: &[],
            events: &[],
            permissions: &[],
            settings: &[],
            sealed_keys: &[],
            tables: &[],
        }
    }
}

/// A table of a domain, or a view. `cargo xtask tidy` reads these declarations: nobody else's SQL names the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub kind: TableKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    Plain,
    /// Partitioned by month ([`crate::db::maintain_partitions`]).
    Monthly(Kept),
    /// A view that others may read.
    Published,
}

/// How long the months of a table are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As long as what they belong to, which people may look up years later.
    Always,
    /// For the time that the operator keeps records.
    AsRecord,
}

impl Table {
    pub const fn plain(name: &'static str) -> Self {
        Self { name, kind: TableKind::Plain }
    }

    pub const fn monthly(name: &'static str, kept: Kept) -> Self {
        Self { name, kind: TableKind::Monthly(kept) }
    }

    pub const fn published(name: &'static str) -> Self {
        Self { name, kind: TableKind::Published }
    }
}
