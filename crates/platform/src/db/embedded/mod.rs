//! PostgreSQL with pgvector, run by steward itself, so that one binary is all there is to install.
//!
//! [`Embedded::start`] takes the data dir's lock, decides which user PostgreSQL runs as ([`account`]), finds the
//! programs ([`binaries`], unpacked from our own binary by [`pack`]), makes the database at the first start
//! ([`cluster`]), ends what a killed steward may have left, and runs the server as a child ([`process`]) on a
//! loopback port.
//!
//! What holds:
//! - One steward per data dir, by a lock that the kernel gives back whatever happens to us.
//! - What exists under its final name is whole: pack and database are made aside and renamed.
//! - The child never outlives us by more than its own clean shutdown, not even after `kill -9`. The kernel ties
//!   it to the *thread* that started it: start on the main thread, before the tokio runtime is built.
//! - PostgreSQL never runs as root, and listens on 127.0.0.1 alone.
//! - A commit that was acknowledged is on the disk ([`Durability::Durable`]).
//!
//! Why a packed build and not a container, a download or a library: `docs/adr/0003-embedded-postgresql.md`.

mod account;
mod binaries;
mod cluster;
mod data_dir;
mod error;
mod pack;
mod process;
mod settings;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use kernel::Secret;

pub use data_dir::default_data_dir;
pub use error::EmbeddedError;

use account::Account;
use binaries::Installation;
use data_dir::DataDir;
use process::Server;

/// Whether an acknowledged commit survives a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    Durable,
    /// For tests: quick, and lost with the machine.
    Throwaway,
}

/// What the embedded PostgreSQL is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Everything is kept here; made if missing.
    pub data_dir: PathBuf,
    /// The `bin` folder of an installation with pgvector, preferred over the pack (`STEWARD_PG_BIN`).
    pub pg_bin: Option<PathBuf>,
    /// The tar.xz made by `tools/pack-postgres.py`.
    pub pack: Option<&'static [u8]>,
    /// Names the folder the pack is unpacked into: another content needs another name.
    pub pack_name: &'static str,
    pub durability: Durability,
    pub max_connections: u16,
}

/// A running PostgreSQL. Dropping it stops it.
pub struct Embedded {
    // Dropped in this order: the lock goes when the server has stopped.
    server: Server,
    data: DataDir,
    options: Options,
    account: Account,
    installation: Installation,
    password: Secret<String>,
}

/// The PostgreSQL that another Steward runs on a data folder.
pub struct Attached {
    pub url: Secret<String>,
    /// The folder of `pg_dump`, `pg_restore` and `pgbench`.
    pub bin_dir: PathBuf,
}

/// Finds the running PostgreSQL of a data folder, for commands beside a server.
///
/// # Errors
/// [`EmbeddedError::Busy`] when it is not up: the other process is still starting or already stopping.
pub fn attach(options: &Options) -> Result<Attached, EmbeddedError> {
    let data = DataDir::of_running(&options.data_dir)?;
    let port = data.last_port().filter(|port| !data_dir::is_free(*port));
    let port = port.ok_or_else(|| EmbeddedError::Busy(data.root().to_owned()))?;
    let bin_dir = binaries::find(options, &data)?.bin;
    Ok(Attached { url: url(&data.password()?, port), bin_dir })
}

fn url(password: &Secret<String>, port: u16) -> Secret<String> {
    let (name, password) = (cluster::NAME, password.expose());
    Secret::new(format!("postgres://{name}:{password}@127.0.0.1:{port}/{name}?sslmode=disable"))
}

/// Somebody may take the port between our look and PostgreSQL's.
const PORT_ATTEMPTS: usize = 3;

impl Embedded {
    /// Starts PostgreSQL and blocks until it accepts connections.
    ///
    /// Call it on the main thread, before the tokio runtime is built: when the calling *thread* ends,
    /// PostgreSQL is shut down.
    pub fn start(options: &Options) -> Result<Self, EmbeddedError> {
        let data = DataDir::open(&options.data_dir)?;
        let account = Account::choose(&data.cluster())?;
        account.check_may_enter(data.root())?;
        let installation = binaries::find(options, &data)?;
        account.check_may_enter(&installation.bin)?;
        cluster::prepare(&data, &installation, &account, options.durability)?;
        let password = data.password()?;
        process::end_leftover(&data.cluster())?;

        let mut attempt = 1;
        let server = loop {
            let mut server = Server::spawn(options, &data, &installation, &account, data.port()?)?;
            match server.wait_until_ready() {
                Ok(()) => break server,
                Err(EmbeddedError::Ended { .. })
                    if attempt < PORT_ATTEMPTS && !data_dir::is_free(server.port) =>
                {
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        };
        tracing::info!(port = server.port, data_dir = %data.root().display(), "PostgreSQL is ready");
        Ok(Self { server, data, options: options.clone(), account, installation, password })
    }

    /// Starts PostgreSQL again after it ended under us, on the same port, and does not wait: see [`Embedded::is_ready`].
    /// On the main thread, as [`Embedded::start`].
    pub fn start_again(&mut self) -> Result<(), EmbeddedError> {
        let port = self.server.port;
        self.server = Server::spawn(&self.options, &self.data, &self.installation, &self.account, port)?;
        Ok(())
    }

    /// Whether PostgreSQL accepts connections.
    ///
    /// # Errors
    /// How it ended, or that it does not get ready.
    pub fn is_ready(&mut self) -> Result<bool, EmbeddedError> {
        self.server.is_ready()
    }

    /// Where to connect: the superuser and the database are both called `steward`. The build has no TLS, and
    /// the connection never leaves the machine.
    pub fn url(&self) -> Secret<String> {
        url(&self.password, self.server.port)
    }

    /// The folder of `pg_dump`, `pg_restore` and `pgbench`.
    pub fn bin_dir(&self) -> &Path {
        &self.installation.bin
    }

    /// How PostgreSQL ended, if it ended under us.
    pub fn ended(&mut self) -> Option<EmbeddedError> {
        self.server.exited().map(|status| self.server.ended(status))
    }

    /// Stops PostgreSQL in order: sessions are ended, everything is written, the next start needs no recovery.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.server.stop()
    }
}
