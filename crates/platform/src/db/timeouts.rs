//! How long a transaction may wait, work and say nothing.
//!
//! Locks live as long as the transaction that took them, and a transaction as long as its session: that of a replica whose
//! machine vanished would live for hours. So every transaction begins with three limits for the kind of work that it is,
//! set for itself alone (`set local`), because a pooler in transaction mode lends the session to others.
//!
//! The silence that is allowed is shorter than the wait for a lock: whoever waits for a lost replica gets through. None of
//! our transactions waits for anything but the database, so silence is a process that is gone or stands still.

use std::time::Duration;

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Somebody waits for the answer, and a proxy in between seldom for more than a minute.
    Request,
    /// Alerts are stored, under a lock that everybody of the organization waits for. Waiting is better than refusing:
    /// longer than anybody who takes that lock may be silent.
    Intake,
    /// Nobody waits; a job that fails is tried again.
    Job,
    /// The machine's own few rows, such as leases: within the shortest lease, and over connections of its own.
    Machine,
    /// Retention and partitions: long work that must not stand in line for a table's lock, because everybody else lines up
    /// behind it. It is tried again at its next turn.
    Maintenance,
    /// The schema waits for its turn and takes its time; only a silent one is ended.
    Migration,
}

macro_rules! limits {
    (lock $lock:literal, statement $statement:literal, silence $silence:literal) => {
        concat!(
            "set local lock_timeout = '",
            $lock,
            "'; set local statement_timeout = '",
            $statement,
            "'; set local idle_in_transaction_session_timeout = '",
            $silence,
            "'"
        )
    };
}

impl Work {
    /// The statements that limit a transaction.
    pub(super) const fn limits(self) -> &'static str {
        match self {
            Self::Request => limits!(lock "5s", statement "30s", silence "10s"),
            Self::Intake => limits!(lock "15s", statement "30s", silence "5s"),
            Self::Job => limits!(lock "15s", statement "60s", silence "10s"),
            Self::Machine => limits!(lock "3s", statement "10s", silence "5s"),
            Self::Maintenance => limits!(lock "3s", statement "10min", silence "10s"),
            Self::Migration => limits!(lock "0", statement "0", silence "60s"),
        }
    }
}

/// How long a connection is waited for.
pub(super) const ACQUIRE: Duration = Duration::from_secs(10);

/// Begins a session. Its settings only help a server to notice sooner that our machine is gone, so it does no harm that a
/// pooler keeps them to itself or lends them to others: a probe after 15 s of silence and three lost ones end the session,
/// and so does what is sent and not received for 20 s; a long query looks now and then whether we still wait.
///
/// Before the first migration the role does not exist, and nothing but migrations runs. Where it is not ours, `prepare`
/// says so.
pub(super) const SESSION: &str = "do $$ begin
    perform set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),
        set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '20000', false);
    begin
        perform set_config('client_connection_check_interval', '2000', false);
    exception when others then null; -- not on every system
    end;
    if exists (select from pg_roles where rolname = 'steward_tenant' and pg_has_role(oid, 'member')) then
        set role steward_tenant;
    end if;
end $$";
