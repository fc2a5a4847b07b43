//! Bringing in what a team already has: Markdown runbooks and SKILL.md folders, as they are.
//!
//! A folder that holds a `SKILL.md` is one skill (<https://agentskills.io/specification>); other files in it
//! are its appendix. Every other Markdown file is a runbook, apart from `README.md`. Each is stored with the
//! path it came from, so that a second import updates it; a file that is wrong is reported and stops nothing.

mod document;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Path, PathBuf},
};

use kernel::{Error, Result};
use platform::db::Scope;

use crate::{
    Deps,
    skills::{Saved, SkillInput, save_imported},
};
use document::Document;

/// Files in one import.
const MAX_FILES: usize = 2_000;
/// Folders below the first.
const MAX_DEPTH: usize = 8;
const MAX_BYTES: u64 = 256 * 1024;

/// What became of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Below the folder that was imported.
    pub path: String,
    pub outcome: ImportOutcome,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ImportOutcome {
    /// With the name of the skill.
    Created(String),
    Updated(String),
    Unchanged(String),
    /// With every reason.
    Failed(String),
}

struct File {
    path: String,
    text: io::Result<String>,
}

/// Imports every runbook and skill below a folder; the report is in the order of the paths.
///
/// # Errors
/// `invalid_folder` when the folder cannot be read, and when the database cannot be reached.
pub async fn import_dir(deps: &Deps, scope: &Scope, folder: &Path) -> Result<Vec<Imported>> {
    let root = folder.to_owned();
    let read = tokio::task::spawn_blocking(move || read_folder(&root)).await.map_err(Error::internal)?;
    let files =
        read.map_err(|error| Error::invalid("invalid_folder", format!("{}: {error}", folder.display())))?;
    let mut report = Vec::new();
    for File { path, text } in files {
        let outcome = match text {
            Ok(text) => import_text(deps, scope, &path, &text).await?,
            Err(error) => ImportOutcome::Failed(error.to_string()),
        };
        report.push(Imported { path, outcome });
    }
    Ok(report)
}

async fn import_text(deps: &Deps, scope: &Scope, path: &str, text: &str) -> Result<ImportOutcome> {
    let Document { name, problem_description, sop } = document::read(path, text);
    let input = SkillInput { name: name.clone(), problem_description, sop, status: None, node_id: None };
    match save_imported(deps, scope.clone(), path, input).await {
        Ok(Saved::Created(_)) => Ok(ImportOutcome::Created(name)),
        Ok(Saved::Updated(_)) => Ok(ImportOutcome::Updated(name)),
        Ok(Saved::Unchanged(_)) => Ok(ImportOutcome::Unchanged(name)),
        Err(Error::Invalid { detail, fields, .. }) => {
            let places: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.pointer, field.detail)).collect();
            Ok(ImportOutcome::Failed(if places.is_empty() { detail } else { places.join("; ") }))
        }
        Err(error @ Error::Conflict { .. }) => Ok(ImportOutcome::Failed(error.to_string())),
        Err(error) => Err(error),
    }
}

fn read_folder(root: &Path) -> io::Result<Vec<File>> {
    let mut paths = Vec::new();
    collect(root, 0, &mut paths)?;
    paths.sort();
    let relative = |path: &PathBuf| path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    Ok(paths.iter().map(|path| File { path: relative(path), text: read_file(path) }).collect())
}

/// Symbolic links and hidden entries are left alone.
fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            folders.push(entry.path());
        } else if kind.is_file()
            && entry.path().extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"))
        {
            files.push(entry.path());
        }
    }
    let is = |path: &Path, name: &str| path.file_name().is_some_and(|file| file.eq_ignore_ascii_case(name));
    if let Some(skill) = files.iter().find(|path| is(path, "SKILL.md")) {
        found.push(skill.clone());
        return Ok(());
    }
    found.extend(files.into_iter().filter(|path| !is(path, "README.md")));
    if found.len() > MAX_FILES {
        return Err(io::Error::other(format!("there are more than {MAX_FILES} files")));
    }
    if depth < MAX_DEPTH {
        folders.iter().try_for_each(|folder| collect(folder, depth + 1, found))?;
    }
    Ok(())
}

fn read_file(path: &Path) -> io::Result<String> {
    if std::fs::metadata(path)?.len() > MAX_BYTES {
        return Err(io::Error::other(format!("the file is larger than {MAX_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(path)?;
    if text.contains('\0') {
        return Err(io::Error::other("the file holds a NUL character and is no text"));
    }
    Ok(text)
}
