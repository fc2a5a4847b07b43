//! `steward files`: whether files can be kept where the settings say, and how they get elsewhere.

use kernel::{Error, Redactor, Result};
use platform::files::{Files, Place, ProbeStep};

use crate::{
    command::actions::FilesAction,
    process::{
        files, serve,
        settings::{self, Database, SecretText},
    },
};

/// Runs the command, which needs no database.
pub fn command(settings: &settings::Files, database: &Database, action: FilesAction) -> Result<()> {
    match action {
        FilesAction::Check => {
            let files = files::open(settings, database)?;
            serve::without_database(async || told(settings, &files.check().await))
        }
        FilesAction::Copy { from, to } => {
            let (from, to) = (settings.place_of("--from", &from)?, settings.place_of("--to", &to)?);
            if matches!(&from, Place::Folder(folder) if !folder.is_dir()) {
                return Err(Error::field("invalid_setting", "--from", "there is no such folder"));
            }
            let (from, to) = (Files::open(&from)?, Files::open(&to)?);
            serve::without_database(async || copy(&from, &to).await)
        }
    }
}

/// What was tried, how long it took, and what is wrong.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn told(settings: &settings::Files, steps: &[ProbeStep]) -> Result<()> {
    let secrets = [&settings.files_s3_access_key_id, &settings.files_s3_secret_access_key];
    let secrets: Vec<_> = secrets.into_iter().flatten().map(SecretText::secret).collect();
    let redactor = Redactor::new(&secrets);
    for ProbeStep { what, took, wrong } in steps {
        let ended = if wrong.is_some() { "failed" } else { "done" };
        println!("{what:<8}{ended:<8}{} ms", took.as_millis());
        if let Some((fault, said)) = wrong {
            println!("the store said: {}", redactor.text(said));
            return Err(Error::unavailable(format!("files cannot be kept: {}", fault.advice())));
        }
    }
    println!("files can be kept");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
async fn copy(from: &Files, to: &Files) -> Result<()> {
    let done =
        from.copy_all(to, |done| println!("{} copied, {} there already", done.copied, done.there)).await?;
    println!("done: {} copied ({} bytes), {} there already", done.copied, done.bytes, done.there);
    Ok(())
}
