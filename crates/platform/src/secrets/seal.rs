//! Sealed bytes: a version, a nonce, and what AES-256-GCM makes of the value and of the place that it belongs to.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, Generate, Payload},
};
use kernel::{Error, Result};

const NONCE: usize = 12;
/// The format of today: this byte, the nonce, the sealed value. Before it there was no such byte.
const VERSION: u8 = 1;

/// What a sealed value is bound to: one that is copied elsewhere does not open.
pub(super) struct Place(Vec<u8>);

impl Place {
    /// Parts are told apart by their lengths, so that no two places are the same bytes.
    pub fn new(purpose: &str, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![VERSION];
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            bytes.extend((part.len() as u64).to_be_bytes());
            bytes.extend(part);
        }
        Self(bytes)
    }
}

pub(super) fn failed(detail: &'static str) -> Error {
    Error::internal(detail)
}

fn tampered() -> Error {
    failed("a sealed value does not open: it was changed, or belongs elsewhere")
}

pub(super) fn seal(cipher: &Aes256Gcm, plain: &[u8], place: &Place) -> Result<Vec<u8>> {
    Ok([&[VERSION], bare(cipher, plain, &place.0)?.as_slice()].concat())
}

pub(super) fn open(cipher: &Aes256Gcm, sealed: &[u8], place: &Place) -> Result<Vec<u8>> {
    let (version, body) = sealed.split_first().ok_or_else(tampered)?;
    if *version != VERSION {
        return Err(failed("a sealed value has a format that this version does not know"));
    }
    open_bare(cipher, body, &place.0)
}

/// Without a version, as keys are wrapped: what wraps them says which they are.
pub(super) fn bare(cipher: &Aes256Gcm, plain: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let nonce = Nonce::generate();
    let sealed = cipher.encrypt(&nonce, Payload { msg: plain, aad }).map_err(|_| failed("cannot seal"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(super) fn open_bare(cipher: &Aes256Gcm, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or_else(tampered)?;
    let nonce = Nonce::try_from(nonce).map_err(|_| tampered())?;
    cipher.decrypt(&nonce, Payload { msg: body, aad }).map_err(|_| tampered())
}
