//! What can go wrong, said to the person who runs steward: what happened and what to do.

use std::{io, path::PathBuf, process::ExitStatus};

#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error("cannot {action} {}: {source}", path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },

    #[error(
        "no home directory to keep data in (neither XDG_DATA_HOME nor HOME is set): choose a folder with --data-dir"
    )]
    NoHome,

    #[error(
        "another steward uses {}: stop it, or give this one its own folder with --data-dir; to run several \
         processes on one database, give them a PostgreSQL server with STEWARD_DATABASE_URL",
        .0.display()
    )]
    Busy(PathBuf),

    #[error(
        "PostgreSQL runs as the user {user}, who may not enter {}: allow it with `chmod o+x {}`, or choose a \
         folder outside of it with --data-dir (as root the default is /var/lib/steward)",
        folder.display(), folder.display()
    )]
    Closed { folder: PathBuf, user: String },

    #[error(
        "PostgreSQL refuses to run as root, and there is no user steward, postgres or nobody to run it as: add \
         one with `useradd --system steward`, or use a server with STEWARD_DATABASE_URL"
    )]
    NoUserToDropTo,

    #[error(
        "the user id {0} has no entry in the passwd database, which PostgreSQL's initdb needs: add one, run \
         steward as another user, or use a server with STEWARD_DATABASE_URL"
    )]
    NoPasswdEntry(u32),

    #[error(
        "the database in {} belongs to the user id {owner}, and steward runs as {user}: run it as that user or \
         as root, or choose another folder with --data-dir",
        cluster.display()
    )]
    NotOurs { cluster: PathBuf, owner: u32, user: String },

    #[error("{} holds no PostgreSQL with pgvector (no {missing}): correct STEWARD_PG_BIN", bin.display())]
    NotAnInstallation { bin: PathBuf, missing: &'static str },

    #[error(
        "no PostgreSQL with pgvector found ({why_no_pack}). Do one of: set STEWARD_DATABASE_URL to a server with \
         pgvector; set STEWARD_PG_BIN to the bin folder of PostgreSQL 15 or later with pgvector 0.8 or later; \
         use a build of steward with PostgreSQL inside"
    )]
    NoPostgres { why_no_pack: String },

    #[error("{} is PostgreSQL {found}, and steward needs 15 or later: correct STEWARD_PG_BIN", bin.display())]
    TooOld { bin: PathBuf, found: u32 },

    #[error("cannot tell the version of {}: `postgres --version` said {output:?}", bin.display())]
    NoVersion { bin: PathBuf, output: String },

    #[error(
        "the database in {} was made by PostgreSQL {found}, and this steward runs PostgreSQL {ours}, which cannot \
         read it. Start it with PostgreSQL {found} once more (the earlier release of steward, or \
         STEWARD_PG_BIN), dump it with pg_dump, move the folder away, start this release and restore the dump \
         with pg_restore",
        cluster.display()
    )]
    OtherMajor { cluster: PathBuf, found: String, ours: u32 },

    #[error(
        "{} is missing, so nobody can sign in to the database beside it: restore it from a backup, or move the \
         folder away to start anew",
        .0.display()
    )]
    NoPassword(PathBuf),

    #[error("{program} could not set up the database ({status}): {output}")]
    Setup { program: &'static str, status: ExitStatus, output: String },

    #[error("PostgreSQL ended ({status}). The end of {}:\n{tail}", log.display())]
    Ended { status: ExitStatus, log: PathBuf, tail: String },

    #[error("PostgreSQL was not ready after {seconds} s. The end of {}:\n{tail}", log.display())]
    NotReady { seconds: u64, log: PathBuf, tail: String },

    #[error(
        "PostgreSQL left behind by an earlier steward (process {pid}) does not end: look at postgres.log, end it \
         with `kill -QUIT {pid}`, then start again"
    )]
    LeftoverStays { pid: i32 },

    #[error(
        "PostgreSQL did not stop within {seconds} s and was made to; it recovers from its log at the next start"
    )]
    StoppedByForce { seconds: u64 },
}

impl EmbeddedError {
    /// For `map_err` on file operations.
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
