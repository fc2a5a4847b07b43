//! Watches the migrations, and finds the packed PostgreSQL (`tools/pack-postgres.py`, part of `make setup`) for `src/pack.rs`.
//!
//! Sets the cfg `postgres_pack` when there is one, and `STEWARD_PG_PACK_FILE` and `STEWARD_PG_PACK_NAME`. Without
//! one the build goes on, and `steward serve` needs a PostgreSQL from elsewhere.

use std::{
    env, fs,
    hash::{DefaultHasher, Hasher},
    io,
    path::{Path, PathBuf},
};

const VERSION: &str = "18.4";

fn main() -> io::Result<()> {
    println!("cargo::rustc-check-cfg=cfg(postgres_pack)");
    println!("cargo::rerun-if-env-changed=STEWARD_PG_PACK");
    println!("cargo::rerun-if-changed=build.rs");
    // `sqlx::migrate!` reads them, and sees no new one by itself.
    println!("cargo::rerun-if-changed=../../migrations");
    if env::var_os("CARGO_FEATURE_EMBEDDED_PG").is_none() {
        return Ok(());
    }
    let file = match env::var_os("STEWARD_PG_PACK") {
        Some(path) => {
            let path = PathBuf::from(path);
            println!("cargo::rerun-if-changed={}", path.display());
            path
        }
        None => default_file()?,
    };
    if !file.is_file() {
        println!("cargo::warning=no packed PostgreSQL at {}: make it with `make setup`", file.display());
        return Ok(());
    }
    println!("cargo::rustc-cfg=postgres_pack");
    println!("cargo::rustc-env=STEWARD_PG_PACK_FILE={}", fs::canonicalize(&file)?.display());
    println!("cargo::rustc-env=STEWARD_PG_PACK_NAME={}", name(&file)?);
    Ok(())
}

/// `target/pg/pg-<version>-<os>-<arch>.tar.xz`. Its folder is made and watched, because cargo would run this
/// script, and rebuild the crate, at every build while a watched file is missing.
fn default_file() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pg");
    fs::create_dir_all(&folder)?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let of_target = |name| env::var_os(name).unwrap_or_default().into_string().unwrap_or_default();
    let (os, arch) = (of_target("CARGO_CFG_TARGET_OS"), of_target("CARGO_CFG_TARGET_ARCH"));
    Ok(folder.join(format!("pg-{VERSION}-{os}-{arch}.tar.xz")))
}

/// The file's name and a checksum of its content: what is unpacked from another content goes elsewhere.
fn name(file: &Path) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    hasher.write(&fs::read(file)?);
    let stem = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = stem.strip_suffix(".tar.xz").unwrap_or(&stem).to_owned();
    Ok(format!("{stem}-{:016x}", hasher.finish()))
}
