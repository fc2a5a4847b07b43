//! The PostgreSQL inside this binary, put there by the feature `embedded-pg` when `make setup` has made it.

/// A tar.xz of PostgreSQL with pgvector; `None` in a build without one.
#[cfg(postgres_pack)]
pub const PACK: Option<&'static [u8]> = Some(include_bytes!(env!("STEWARD_PG_PACK_FILE")));
#[cfg(not(postgres_pack))]
pub const PACK: Option<&'static [u8]> = None;

/// Tells one pack from another: version, platform and a checksum of the content.
#[cfg(postgres_pack)]
pub const PACK_NAME: &str = env!("STEWARD_PG_PACK_NAME");
#[cfg(not(postgres_pack))]
pub const PACK_NAME: &str = "none";
