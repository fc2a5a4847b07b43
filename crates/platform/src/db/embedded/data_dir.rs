//! The folder that steward keeps everything in, and the lock that makes it ours.
//!
//! ```text
//! steward.lock    held for as long as we run
//! postgres/       the unpacked PostgreSQL, a folder per pack
//! cluster/        the database, readable by its user alone
//! password        of the database's user `steward`
//! port            of the last run, so that tools find the server again
//! postgres.log    what PostgreSQL says; postgres.log.1 is the one before
//! ```

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::Write,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use kernel::Secret;
use nix::unistd::geteuid;

use super::EmbeddedError;

/// At a start, a log longer than this (bytes) becomes `postgres.log.1`.
const LOG_LIMIT: u64 = 10 << 20;

/// Where data is kept when nobody says otherwise: `/var/lib/steward` for root, whose home folder is closed to
/// the user that PostgreSQL runs as; else below `XDG_DATA_HOME` or `~/.local/share`
/// (XDG Base Directory Specification, which also says to ignore relative paths).
pub fn default_data_dir(xdg_data_home: Option<&Path>, home: Option<&Path>) -> Result<PathBuf, EmbeddedError> {
    if geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/steward"));
    }
    below_home(xdg_data_home, home).ok_or(EmbeddedError::NoHome)
}

pub(super) fn below_home(xdg_data_home: Option<&Path>, home: Option<&Path>) -> Option<PathBuf> {
    let given = xdg_data_home.filter(|path| path.is_absolute()).map(Path::to_owned);
    let usual = || home.filter(|path| path.is_absolute()).map(|home| home.join(".local/share"));
    given.or_else(usual).map(|share| share.join("steward"))
}

pub(super) struct DataDir {
    root: PathBuf,
    /// Closed by the kernel when we end, however we end.
    _lock: File,
}

impl DataDir {
    /// Makes the folder if it is missing and takes its lock.
    pub(super) fn open(root: &Path) -> Result<Self, EmbeddedError> {
        make_folders(root)?;
        let root = fs::canonicalize(root).map_err(EmbeddedError::io("find", root))?;
        let path = root.join("steward.lock");
        let lock = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(EmbeddedError::io("open", &path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(EmbeddedError::Busy(root)),
            Err(TryLockError::Error(source)) => Err(EmbeddedError::Io { action: "lock", path, source }),
        }
    }

    /// The folder while another process holds its lock.
    pub(super) fn of_running(root: &Path) -> Result<Self, EmbeddedError> {
        let root = fs::canonicalize(root).map_err(EmbeddedError::io("find", root))?;
        let path = root.join("steward.lock");
        let lock = File::open(&path).map_err(EmbeddedError::io("open", &path))?;
        Ok(Self { root, _lock: lock })
    }

    /// The port of the last run.
    pub(super) fn last_port(&self) -> Option<u16> {
        fs::read_to_string(self.root.join("port")).ok()?.trim().parse().ok()
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    pub(super) fn installations(&self) -> PathBuf {
        self.root.join("postgres")
    }

    pub(super) fn password_file(&self) -> PathBuf {
        self.root.join("password")
    }

    pub(super) fn password(&self) -> Result<Secret<String>, EmbeddedError> {
        let path = self.password_file();
        match fs::read_to_string(&path) {
            Ok(password) => Ok(Secret::new(password)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(EmbeddedError::NoPassword(path))
            }
            Err(source) => Err(EmbeddedError::Io { action: "read", path, source }),
        }
    }

    /// The port of the last run, or another when somebody took it.
    pub(super) fn port(&self) -> Result<u16, EmbeddedError> {
        let path = self.root.join("port");
        if let Some(port) = self.last_port().filter(|port| is_free(*port)) {
            return Ok(port);
        }
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(EmbeddedError::io("find a free port for", &self.root))?
            .port();
        write_private(&path, &free.to_string())?;
        Ok(free)
    }

    /// The log, opened at its end; an overlong one is put aside first.
    pub(super) fn log(&self) -> Result<(PathBuf, File), EmbeddedError> {
        let path = self.root.join("postgres.log");
        if fs::metadata(&path).is_ok_and(|log| log.len() > LOG_LIMIT) {
            fs::rename(&path, self.root.join("postgres.log.1"))
                .map_err(EmbeddedError::io("rename", &path))?;
        }
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .map_err(EmbeddedError::io("open", &path))?;
        Ok((path, log))
    }
}

/// Nobody listens on this port of 127.0.0.1 (0 asks for any port and is never one).
pub(super) fn is_free(port: u16) -> bool {
    port != 0 && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Writes a file that only its owner reads, and has it on the disk before it returns.
pub(super) fn write_private(path: &Path, text: &str) -> Result<(), EmbeddedError> {
    OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .map_err(EmbeddedError::io("write", path))
}

/// Makes the folders that are missing. Root's can be passed through by the user that PostgreSQL runs as,
/// whatever the umask; anybody else's are private.
fn make_folders(path: &Path) -> Result<(), EmbeddedError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folders(parent)?;
    }
    let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
    make_folder(path, mode)
}

pub(super) fn make_folder(path: &Path, mode: u32) -> Result<(), EmbeddedError> {
    DirBuilder::new()
        .mode(mode)
        .create(path)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)))
        .map_err(EmbeddedError::io("make", path))
}
