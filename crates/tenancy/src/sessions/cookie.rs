//! The session's cookie.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Secret};
use sha2::{Digest, Sha256};

use super::LONGEST;
use crate::Options;

const NAME: &str = "steward_session";
/// Random bytes of a key; the rest authenticates them.
const RANDOM: usize = 32;
const TAG: usize = 16;

/// What the browser holds: 256 random bits, and a tag by which we know our own without asking the database.
pub(crate) type SessionKey = Secret<String>;

/// 256 random bits as text.
pub(crate) fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; RANDOM]>())
}

fn tag(pepper: &[u8], random: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(Error::internal)?;
    mac.update(b"steward session\0");
    mac.update(random);
    Ok(mac)
}

/// A new key.
pub(crate) fn generate(pepper: &[u8]) -> Result<SessionKey> {
    let random = rand::random::<[u8; RANDOM]>();
    let tag = tag(pepper, &random)?.finalize().into_bytes();
    Ok(Secret::new(URL_SAFE_NO_PAD.encode([&random[..], &tag[..TAG]].concat())))
}

/// Whether this server, or one with the same pepper, made it. A made-up one costs no look-up.
pub(crate) fn is_ours(pepper: &[u8], key: &SessionKey) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(key.expose()) else { return false };
    let Some((random, given)) = bytes.split_at_checked(RANDOM).filter(|(_, tag)| tag.len() == TAG) else {
        return false;
    };
    tag(pepper, random).is_ok_and(|tag| tag.verify_truncated_left(given).is_ok())
}

/// What the database holds.
pub(crate) fn hash(key: &SessionKey) -> Vec<u8> {
    Sha256::digest(key.expose().as_bytes()).to_vec()
}

pub(crate) fn get(headers: &HeaderMap) -> Option<SessionKey> {
    CookieJar::from_headers(headers).get(NAME).map(|cookie| Secret::new(cookie.value().to_owned()))
}

/// The value of `Set-Cookie` that gives the browser its session.
pub(crate) fn set(key: &SessionKey, options: &Options) -> String {
    // The server ends the session; `Max-Age` only spares the browser from sending a dead cookie.
    format!("{}; Max-Age={}", base(key.expose().clone(), options), LONGEST.num_seconds())
}

/// The value of `Set-Cookie` that takes it away.
pub(crate) fn remove(options: &Options) -> String {
    format!("{}; Max-Age=0", base(String::new(), options))
}

fn base(value: String, options: &Options) -> Cookie<'static> {
    let secure = options.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    Cookie::build((NAME, value)).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).build()
}

#[cfg(test)]
mod tests {
    use kernel::Secret;

    use super::{generate, is_ours, random};

    #[test]
    fn a_key_is_known_by_its_tag() {
        let key = generate(b"pepper").unwrap();
        assert!(is_ours(b"pepper", &key));
        assert!(!is_ours(b"another", &key));
        let text = key.expose();
        for foreign in ["", &random(), &text[1..], &text[..text.len() - 2], &format!("A{}", &text[1..])] {
            let ours = is_ours(b"pepper", &Secret::new(foreign.to_owned()));
            assert_eq!(ours, foreign == text, "{foreign}");
        }
    }
}
