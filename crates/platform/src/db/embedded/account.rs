//! Who PostgreSQL runs as. It refuses root, so root drops to an unprivileged user; anybody else keeps theirs.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
};

use nix::unistd::{Uid, User, geteuid};

use super::{EmbeddedError, process::die_with_us};

/// The users root drops to, the most fitting first.
const UNPRIVILEGED: [&str; 3] = ["steward", "postgres", "nobody"];

pub(super) struct Account {
    user: User,
    /// We are root and become that user.
    dropped: bool,
}

impl Account {
    /// The owner of an existing database, else the first unprivileged user, else ourselves.
    pub(super) fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        let owner = fs::metadata(cluster).ok().map(|cluster| cluster.uid());
        let us = geteuid();
        if us.is_root() {
            let user = match owner.filter(|owner| *owner != 0) {
                Some(owner) => by_id(owner)?,
                None => UNPRIVILEGED
                    .iter()
                    .find_map(|name| User::from_name(name).ok().flatten())
                    .ok_or(EmbeddedError::NoUserToDropTo)?,
            };
            return Ok(Self { user, dropped: true });
        }
        let user = by_id(us.as_raw())?;
        match owner {
            Some(owner) if owner != us.as_raw() => {
                Err(EmbeddedError::NotOurs { cluster: cluster.to_owned(), owner, user: user.name })
            }
            _ => Ok(Self { user, dropped: false }),
        }
    }

    /// A command that runs as this user, knows nothing of our environment, and ends when we do.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // Our working directory may be closed to that user; messages are matched and read in English.
        command.env_clear().env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
        if self.dropped {
            // std drops the supplementary groups as well.
            command.gid(self.user.gid.as_raw()).uid(self.user.uid.as_raw());
        }
        die_with_us(&mut command);
        command
    }

    /// Hands a file or folder that we made to this user.
    pub(super) fn give(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.dropped {
            return Ok(());
        }
        chown(path, Some(self.user.uid.as_raw()), Some(self.user.gid.as_raw()))
            .map_err(EmbeddedError::io("change the owner of", path))
    }

    /// Every folder down to `path` must let this user through; the error names the first that does not.
    ///
    /// Home folders are usually closed, and initdb's own message would not say which folder it was.
    pub(super) fn check_may_enter(&self, path: &Path) -> Result<(), EmbeddedError> {
        if !self.dropped {
            return Ok(());
        }
        let path = fs::canonicalize(path).map_err(EmbeddedError::io("find", path))?;
        let mut folders: Vec<_> = path.ancestors().collect();
        folders.reverse();
        for folder in folders {
            let meta = fs::metadata(folder).map_err(EmbeddedError::io("look at", folder))?;
            let may_enter = if meta.uid() == self.user.uid.as_raw() {
                0o100
            } else if meta.gid() == self.user.gid.as_raw() {
                0o010
            } else {
                0o001
            };
            if meta.mode() & may_enter == 0 {
                return Err(EmbeddedError::Closed {
                    folder: folder.to_owned(),
                    user: self.user.name.clone(),
                });
            }
        }
        Ok(())
    }
}

/// initdb looks its own user up and refuses an id without a name.
fn by_id(uid: u32) -> Result<User, EmbeddedError> {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().ok_or(EmbeddedError::NoPasswdEntry(uid))
}
