//! The master keys of this server: given, read from a file, or made at first start. And the pepper, which they keep.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use kernel::{Error, Result, Secret};
use platform::{
    db::Db,
    secrets::{self, Keyring},
};

use crate::process::{
    database,
    settings::{Database, Keys},
};

/// Opens the keyring.
///
/// # Errors
/// `invalid_master_key` when a key cannot be used; `invalid_setting` when the file cannot be read, or when the
/// database is somebody else's and no key was given: a key made here would be lost with this machine.
pub fn open(keys: &Keys, settings: &Database) -> Result<Keyring> {
    let master = match (&keys.master_key, &keys.master_key_file) {
        (Some(key), _) => split(key.secret().expose(), ','),
        (None, Some(file)) => split(&read(file)?, '\n'),
        (None, None) => {
            let file = database::data_dir(settings)?.join("master.key");
            if !file.exists() {
                if settings.database_url.is_some() {
                    return Err(Error::field(
                        "invalid_setting",
                        "--master-key-file",
                        "is needed with --database-url; make a key with `steward secrets generate`",
                    ));
                }
                write(&file, &Keyring::generate())?;
            }
            split(&read(&file)?, '\n')
        }
    };
    Keyring::new(&master)
}

/// The keyring with the pepper that the operator sets, else with the one that the database keeps.
pub async fn with_pepper(keyring: Keyring, keys: &Keys, db: &Db) -> Result<Keyring> {
    match &keys.token_pepper {
        Some(pepper) => Ok(keyring.with_pepper(Secret::new(pepper.secret().expose().as_bytes().to_vec()))),
        None => secrets::keep_pepper(db, keyring).await,
    }
}

fn split(text: &str, separator: char) -> Vec<Secret<String>> {
    let lines =
        text.split(separator).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| Secret::new(line.to_owned())).collect()
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).map_err(|error| {
        Error::field("invalid_setting", "--master-key-file", format!("{}: {error}", file.display()))
    })
}

fn write(file: &PathBuf, key: &Secret<String>) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    let mut opened = options.write(true).create_new(true).mode(0o600).open(file).map_err(Error::internal)?;
    writeln!(opened, "{}", key.expose()).map_err(Error::internal)
}
