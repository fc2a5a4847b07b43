//! How our PostgreSQL is set, for a small machine that it shares with steward.
//!
//! Settings go on the command line: they are those of the binary that runs, not of the one that made the
//! database. An operator who wants others runs a server of their own (`STEWARD_DATABASE_URL`).

use super::{Durability, Options};

/// The values for `-c`, in PostgreSQL's own units.
pub(super) fn settings(options: &Options, port: u16) -> Vec<String> {
    let mut settings = vec![format!("port={port}"), format!("max_connections={}", options.max_connections)];
    settings.extend(
        REACH
            .iter()
            .chain(MEMORY)
            .chain(PLANS)
            .chain(STATISTICS)
            .chain(LOG)
            .map(|&setting| setting.to_owned()),
    );
    let writes = match options.durability {
        Durability::Durable => DURABLE,
        Durability::Throwaway => THROWAWAY,
    };
    settings.extend(writes.iter().map(|&setting| setting.to_owned()));
    settings
}

/// Loopback only: the build has no TLS, and a socket's path is limited to 107 bytes.
const REACH: &[&str] = &["listen_addresses=127.0.0.1", "unix_socket_directories="];

const MEMORY: &[&str] = &[
    // Address space: pages count once they are used.
    "shared_buffers=256MB",
    "effective_cache_size=1GB",
    "work_mem=8MB",
    // An HNSW index that outgrows this while it is built continues on disk, many times slower.
    "maintenance_work_mem=256MB",
];

const PLANS: &[&str] = &[
    "random_page_cost=1.1",
    // Many short queries share few cores: a parallel one takes them from the others. Its workers also meet in
    // /dev/shm, which containers limit to 64 MB.
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    // The packed build has no JIT; one that has it must not spend 100 ms on compiling a short query.
    "jit=off",
];

/// A statement that was planned for an empty table keeps its plan until statistics come: soon, since a table may grow by
/// thousands of rows a second.
const STATISTICS: &[&str] = &["autovacuum_naptime=10s"];

const LOG: &[&str] = &["log_line_prefix=%m [%p] ", "log_lock_waits=on", "log_timezone=UTC", "timezone=UTC"];

const DURABLE: &[&str] = &[
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    // pgbench, 12 000 transactions after a checkpoint: 30 MB of log instead of 122, at the same rate.
    "wal_compression=on",
    // After each checkpoint every page that changes is logged whole, so checkpoints are far apart; the price is a
    // recovery of some seconds after a crash.
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
];

/// Nothing survives a crash, nothing waits for the disk.
const THROWAWAY: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    // The least of a log: a database copied from a template is then not written twice.
    "wal_level=minimal",
    "max_wal_senders=0",
];
