//! Passwords, kept as argon2id with the parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one
//! lane. No rules of composition (NIST SP 800-63B section 5.1.1.2), only a length.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use kernel::{Error, Result, Secret};
use tokio::sync::Semaphore;

/// One hash takes 19 MiB and tens of milliseconds of a core: a flood of sign-ins must take neither all memory nor
/// all cores.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// What is stored of a password that somebody chose.
///
/// # Errors
/// `invalid_password`
pub(crate) async fn set(password: &Secret<String>) -> Result<String> {
    if !LENGTH.contains(&password.expose().chars().count()) {
        return Err(Error::field("invalid_password", "/password", "must be 12 to 128 characters"));
    }
    hash(password).await
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string of a password with a fresh salt.
pub(crate) async fn hash(password: &Secret<String>) -> Result<String> {
    let password = password.clone();
    blocking(move || {
        let hash = argon2()?.hash_password(password.expose().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
    })
    .await
}

/// Whether this is the password. Nobody's password takes as long to refuse as a wrong one.
pub(crate) async fn matches(password: &Secret<String>, hash_of: Option<String>) -> Result<bool> {
    if password.expose().chars().count() > *LENGTH.end() {
        return Ok(false);
    }
    let Some(known) = hash_of else {
        hash(password).await?;
        return Ok(false);
    };
    let password = password.clone();
    blocking(move || Ok(argon2()?.verify_password(password.expose().as_bytes(), known.as_str()).is_ok()))
        .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let permit = HASHING.acquire().await.map_err(Error::internal)?;
    // The permit moves into the work: a caller that went away does not stop a hash that is being computed.
    let outcome = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    outcome.await.map_err(Error::internal)?
}
