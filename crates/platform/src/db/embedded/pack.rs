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
pub(super) fn missing_cpu_features() -> Option<String> {
    let missing: Vec<_> =
        needed_cpu_features().iter().filter(|(_, there)| !there).map(|(name, _)| *name).collect();
    (!missing.is_empty()).then(|| missing.join(", "))
}

/// Found in the disassembly of the pack's `vector.so`, outside of what pgvector itself dispatches at run time.
#[cfg(target_arch = "x86_64")]
fn needed_cpu_features() -> [(&'static str, bool); 6] {
    use std::arch::is_x86_feature_detected as has;
    [
        ("avx2", has!("avx2")),
        ("bmi1", has!("bmi1")),
        ("bmi2", has!("bmi2")),
        ("fma", has!("fma")),
        ("f16c", has!("f16c")),
        ("lzcnt", has!("lzcnt")),
    ]
}

/// As above. Among servers: Graviton 4, Axion, Cobalt and Grace have them; Graviton 3 and Ampere do not.
#[cfg(target_arch = "aarch64")]
fn needed_cpu_features() -> [(&'static str, bool); 4] {
    use std::arch::is_aarch64_feature_detected as has;
    [("sve", has!("sve")), ("sve2", has!("sve2")), ("fhm", has!("fhm")), ("lse", has!("lse"))]
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn needed_cpu_features() -> [(&'static str, bool); 0] {
    []
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
