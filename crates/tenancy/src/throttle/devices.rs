//! Browsers that somebody signed in with before.
//!
//! A browser keeps a random name in a cookie for a year. Signing in ties the name's hash to the account. From then on, attempts on
//! that account from that browser are counted by themselves, so that guesses from elsewhere, even from the same network, cannot
//! lock its person out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing: the password is asked
//! for as always. A new password forgets every device.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sha2::{Digest, Sha256};

use crate::{Options, sessions::cookie};

const NAME: &str = "steward_device";
const A_YEAR: i64 = 365 * 24 * 3600;

/// What the database holds of a browser's name.
#[derive(Clone)]
pub(crate) struct Device {
    name: String,
    pub hash: Vec<u8>,
}

impl Device {
    /// The browser that sent a request, named by its cookie or for the first time.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let known = CookieJar::from_headers(headers).get(NAME).map(|cookie| cookie.value().to_owned());
        let name = known.filter(|name| name.len() == 43).unwrap_or_else(cookie::random);
        let hash = Sha256::digest(name.as_bytes()).to_vec();
        Self { name, hash }
    }

    /// The value of `Set-Cookie` that lets the browser keep its name.
    pub(crate) fn cookie(&self, options: &Options) -> String {
        let secure = options.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        let cookie = Cookie::build((NAME, self.name.clone()))
            .path("/api/v1/auth")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(secure);
        format!("{}; Max-Age={A_YEAR}", cookie.build())
    }
}
