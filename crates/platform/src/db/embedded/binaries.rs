//! Finding a PostgreSQL with pgvector, the most wanted first: the one the operator names, the one inside our
//! binary, the one that Debian's packages installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{EmbeddedError, Options, data_dir::DataDir, pack};

/// The oldest major version that the schema runs on.
const OLDEST: u32 = 15;
/// Where Debian and Ubuntu keep one folder per major version.
const DEBIAN: &str = "/usr/lib/postgresql";

#[derive(Debug)]
pub(super) struct Installation {
    pub(super) bin: PathBuf,
    pub(super) major: u32,
}

/// The first installation in the order of preference.
pub(super) fn find(options: &Options, data: &DataDir) -> Result<Installation, EmbeddedError> {
    if let Some(bin) = &options.pg_bin {
        return named_by_operator(bin);
    }
    let why_no_pack = match (options.pack, pack::missing_cpu_features()) {
        (Some(packed), None) => {
            let bin = pack::unpack(packed, options.pack_name, &data.installations(), options.durability)?;
            return installation(bin);
        }
        (Some(_), Some(missing)) => format!("the one inside steward needs a processor with {missing}"),
        (None, _) => "this build of steward has none inside".to_owned(),
    };
    newest_of(Path::new(DEBIAN)).ok_or(EmbeddedError::NoPostgres { why_no_pack })
}

fn named_by_operator(bin: &Path) -> Result<Installation, EmbeddedError> {
    for program in ["postgres", "initdb"] {
        if !bin.join(program).is_file() {
            return Err(EmbeddedError::NotAnInstallation { bin: bin.to_owned(), missing: program });
        }
    }
    if !has_pgvector(bin) {
        return Err(EmbeddedError::NotAnInstallation { bin: bin.to_owned(), missing: "vector.control" });
    }
    let found = installation(bin.to_owned())?;
    if found.major < OLDEST {
        return Err(EmbeddedError::TooOld { bin: found.bin, found: found.major });
    }
    Ok(found)
}

fn newest_of(versions: &Path) -> Option<Installation> {
    fs::read_dir(versions)
        .ok()?
        .filter_map(|version| named_by_operator(&version.ok()?.path().join("bin")).ok())
        .max_by_key(|found| found.major)
}

/// pgvector's control file is in the share folder, which is beside `bin` or where Debian puts it.
fn has_pgvector(bin: &Path) -> bool {
    let home = bin.parent().unwrap_or(bin);
    let debian = home.file_name().map(|major| Path::new("/usr/share/postgresql").join(major));
    [Some(home.join("share")), Some(home.join("share/postgresql")), debian]
        .into_iter()
        .flatten()
        .any(|share| share.join("extension/vector.control").is_file())
}

fn installation(bin: PathBuf) -> Result<Installation, EmbeddedError> {
    let postgres = bin.join("postgres");
    let output = Command::new(&postgres)
        .arg("--version")
        .env_clear()
        .output()
        .map_err(EmbeddedError::io("start", &postgres))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match major_of(&text) {
        Some(major) => Ok(Installation { bin, major }),
        None => Err(EmbeddedError::NoVersion { bin, output: text }),
    }
}

/// The major version in what `postgres --version` prints, such as `postgres (PostgreSQL) 15.20 (Debian …)`.
pub(super) fn major_of(text: &str) -> Option<u32> {
    let version = text.split_whitespace().nth(2)?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
