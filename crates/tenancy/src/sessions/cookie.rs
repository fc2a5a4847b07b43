//! The session's cookie.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Secret;
use sha2::{Digest, Sha256};

use super::LONGEST;
use crate::Options;

const NAME: &str = "steward_session";

/// What the browser holds.
pub(crate) type SessionId = Secret<String>;

/// 256 random bits as text.
pub(crate) fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What the database holds.
pub(crate) fn hash(id: &SessionId) -> Vec<u8> {
    Sha256::digest(id.expose().as_bytes()).to_vec()
}

pub(crate) fn get(headers: &HeaderMap) -> Option<SessionId> {
    CookieJar::from_headers(headers).get(NAME).map(|cookie| Secret::new(cookie.value().to_owned()))
}

/// The value of `Set-Cookie` that gives the browser its session.
pub(crate) fn set(id: &SessionId, options: &Options) -> String {
    // The server ends the session; `Max-Age` only spares the browser from sending a dead cookie.
    format!("{}; Max-Age={}", base(id.expose().clone(), options), LONGEST.num_seconds())
}

/// The value of `Set-Cookie` that takes it away.
pub(crate) fn remove(options: &Options) -> String {
    format!("{}; Max-Age=0", base(String::new(), options))
}

fn base(value: String, options: &Options) -> Cookie<'static> {
    let secure = options.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    Cookie::build((NAME, value)).path("/").http_only(true).same_site(SameSite::Lax).secure(secure).build()
}
