//! Where this process keeps files.

use kernel::Result;
use platform::files::Files;

use crate::process::{
    database,
    settings::{self, Database},
};

/// The files of this process.
pub fn open(files: &settings::Files, database: &Database) -> Result<Files> {
    // A process that was given a database may have no home.
    let data_dir = database::data_dir(database).unwrap_or_else(|_| "/var/lib/steward".into());
    Files::open(&files.place(&data_dir)?)
}
