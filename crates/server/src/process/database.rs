//! Which database: one that exists, or the embedded one, started as a child of this process.
//!
//! PostgreSQL ends when the thread that started it ends, so it is started on the main thread, before the async
//! runtime, and stopped there after it.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::{Command, ExitCode},
    sync::Arc,
};

use kernel::{Error, Result, Secret, SystemClock};
use platform::{
    db::{
        self, Db,
        embedded::{self, Attached, Durability, Embedded, EmbeddedError},
    },
    jobs::Subscription,
};

use crate::process::{
    migrations, pack,
    settings::{Database, SecretText},
};

/// A database that is up.
pub struct Running {
    pub url: Secret<String>,
    /// None when somebody else runs it.
    pub embedded: Option<Embedded>,
    /// The folder of its programs, if it is an embedded one.
    bin_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    Yes,
    Temporary,
}

/// The folder of the embedded database and of generated keys.
pub fn data_dir(settings: &Database) -> Result<PathBuf> {
    if let Some(dir) = &settings.data_dir {
        return std::path::absolute(dir).map_err(Error::internal);
    }
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    embedded::default_data_dir(var("XDG_DATA_HOME").as_deref(), var("HOME").as_deref()).map_err(start_failed)
}

/// Starts the embedded database unless an existing one is named. Call it on the main thread, before the runtime.
pub fn start(settings: &Database) -> Result<Running> {
    match &settings.database_url {
        Some(url) => Ok(Running { url: url.secret(), embedded: None, bin_dir: None }),
        None => start_in(&options(settings, data_dir(settings)?, Durability::Durable)).map_err(start_failed),
    }
}

/// [`start`], or the embedded database of a server that is running: for commands beside it.
pub fn start_or_attach(settings: &Database) -> Result<Running> {
    if settings.database_url.is_some() {
        return start(settings);
    }
    let options = options(settings, data_dir(settings)?, Durability::Durable);
    match start_in(&options) {
        Err(EmbeddedError::Busy(_)) => {
            let Attached { url, bin_dir } = embedded::attach(&options).map_err(start_failed)?;
            Ok(Running { url, embedded: None, bin_dir: Some(bin_dir) })
        }
        started => started.map_err(start_failed),
    }
}

fn options(settings: &Database, data_dir: PathBuf, durability: Durability) -> embedded::Options {
    embedded::Options {
        data_dir,
        pg_bin: settings.pg_bin.clone(),
        pack: pack::PACK,
        pack_name: pack::PACK_NAME,
        durability,
        // Room for this process, commands beside it and an operator's psql.
        max_connections: settings.database_connections.saturating_add(40).max(100),
    }
}

fn start_in(options: &embedded::Options) -> Result<Running, EmbeddedError> {
    let embedded = Embedded::start(options)?;
    let bin_dir = Some(embedded.bin_dir().to_path_buf());
    Ok(Running { url: embedded.url(), embedded: Some(embedded), bin_dir })
}

fn start_failed(error: EmbeddedError) -> Error {
    Error::invalid("database_unusable", error.to_string())
}

impl Running {
    /// Stops the embedded database and waits until its files are closed.
    pub fn stop(self) -> Result<()> {
        self.embedded.map_or(Ok(()), |embedded| embedded.stop().map_err(start_failed))
    }
}

/// Connects, and brings the schema up to date.
pub async fn connect(url: Secret<String>, connections: u16, subscriptions: Vec<Subscription>) -> Result<Db> {
    let options = |url| db::Options {
        url,
        max_connections: connections.into(),
        clock: Arc::new(SystemClock),
        subscriptions: subscriptions.clone(),
    };
    let before = Db::connect(options(url.clone())).await?;
    before.prepare().await?;
    let fresh = migrations::up(&before).await?;
    if !fresh {
        return Ok(before);
    }
    // Connections made before the first migration do not work as the tenant's role yet.
    before.close().await;
    Db::connect(options(url)).await
}

/// `steward database -- COMMAND`.
pub fn exec(settings: &Database, kept: Keeping, command: &[OsString]) -> Result<ExitCode> {
    let temporary = (kept == Keeping::Temporary).then(TemporaryDir::create).transpose()?;
    let running = match &temporary {
        Some(dir) => {
            // The tests of all crates share it.
            let options = embedded::Options {
                max_connections: 400,
                ..options(settings, dir.0.clone(), Durability::Throwaway)
            };
            start_in(&options).map_err(start_failed)?
        }
        None => start_or_attach(settings)?,
    };
    let Some((program, arguments)) = command.split_first() else {
        return Err(Error::invalid("invalid_setting", "name a command after --"));
    };
    let mut child = Command::new(program);
    child.args(arguments).env("STEWARD_DATABASE_URL", running.url.expose());
    if temporary.is_some() {
        child.env("STEWARD_TEST_DATABASE_URL", running.url.expose());
    }
    if let Some(bin_dir) = &running.bin_dir {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(bin_dir.clone()).chain(std::env::split_paths(&path));
        child.env("PATH", std::env::join_paths(folders).map_err(Error::internal)?);
    }
    let status = child.status().map_err(|error| {
        Error::invalid("invalid_setting", format!("cannot run {}: {error}", program.to_string_lossy()))
    })?;
    running.stop()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// A folder that is removed at the end.
struct TemporaryDir(PathBuf);

impl TemporaryDir {
    fn create() -> Result<Self> {
        let dir = std::env::temp_dir().join(format!("steward-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&dir).map_err(Error::internal)?;
        Ok(Self(dir))
    }
}

impl Drop for TemporaryDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Database {
    /// A database that exists, for tests and commands.
    pub fn at(url: &str) -> Self {
        Self {
            database_url: url.parse::<SecretText>().ok(),
            data_dir: None,
            pg_bin: None,
            database_connections: 8,
        }
    }
}
