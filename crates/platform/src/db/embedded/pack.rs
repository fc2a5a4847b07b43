//! PostgreSQL from inside our own binary: a tar.xz made by `tools/pack-postgres.py`, unpacked once per version.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use liblzma::read::XzDecoder;

use super::{Durability, EmbeddedError, data_dir::make_folder};

/// Where the programs are in the pack.
const BIN: &str = "opt/pgsql/bin";

/// What the pack's pgvector needs of the processor and this one lacks; `None` when all is there.
///
/// It was compiled for the machine that built it, so on an older processor it would end the server with an
/// illegal instruction at the first vector.
#[cfg(target_arch = "x86_64")]
pub(super) fn missing_cpu_features() -> Option<String> {
    let features = [
        ("avx2", is_x86_feature_detected!("avx2")),
        ("bmi1", is_x86_feature_detected!("bmi1")),
        ("bmi2", is_x86_feature_detected!("bmi2")),
        ("fma", is_x86_feature_detected!("fma")),
        ("f16c", is_x86_feature_detected!("f16c")),
        ("lzcnt", is_x86_feature_detected!("lzcnt")),
    ];
    let missing: Vec<_> = features.iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    (!missing.is_empty()).then(|| missing.join(", "))
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn missing_cpu_features() -> Option<String> {
    None
}

/// The folder of the programs; unpacks them below `installations` if this pack is not there yet.
///
/// The folder appears by a rename, so that one which exists is whole.
pub(super) fn unpack(
    pack: &[u8],
    name: &str,
    installations: &Path,
    durability: Durability,
) -> Result<PathBuf, EmbeddedError> {
    let home = installations.join(name);
    if home.is_dir() {
        return Ok(home.join(BIN));
    }
    // The data dir's lock is ours, so whatever is half unpacked is a leftover.
    let partial = installations.join("unpacking");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(EmbeddedError::io("remove", &partial))?;
    }
    if !installations.is_dir() {
        make_folder(installations, 0o755)?;
    }
    make_folder(&partial, 0o755)?;
    tar::Archive::new(XzDecoder::new(pack))
        .unpack(&partial)
        .and_then(|()| if durability == Durability::Durable { sync(&partial) } else { Ok(()) })
        .map_err(EmbeddedError::io("unpack PostgreSQL into", &partial))?;
    fs::rename(&partial, &home).map_err(EmbeddedError::io("make", &home))?;
    Ok(home.join(BIN))
}

/// Has what was unpacked on the disk before its folder gets its name: one call instead of one per file.
fn sync(folder: &Path) -> io::Result<()> {
    let folder = fs::File::open(folder)?;
    #[cfg(target_os = "linux")]
    nix::unistd::syncfs(&folder)?;
    folder.sync_all()
}
