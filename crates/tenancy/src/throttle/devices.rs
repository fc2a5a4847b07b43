//! Browsers that somebody signed in with before.
//!
//! A browser keeps a random name in a cookie for a year. Signing in ties the name's hash to the account. From then on, attempts on
//! that account from that browser are counted by themselves, so that guesses from elsewhere, even from the same network, cannot
//! lock its person out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It opens nothing: the password is asked
//! for as always. A new password forgets every device.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use kernel::{Result, UserId};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::{Options, sessions::cookie};

const NAME: &str = "steward_device";
const A_YEAR: i64 = 365 * 24 * 3600;
/// Devices of one account; the longest unseen goes first.
const MOST: i64 = 20;

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

/// Whether this person signed in from this browser before.
pub(crate) async fn is_known(conn: &mut PgConnection, user: UserId, device: &Device) -> Result<bool> {
    let query = "select exists (select from known_devices where user_id = $1 and device_hash = $2)";
    Ok(sqlx::query_scalar(query).bind(user).bind(&device.hash).fetch_one(conn).await?)
}

pub(crate) async fn keep(
    conn: &mut PgConnection,
    user: UserId,
    device: &Device,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let query =
        "insert into known_devices (user_id, device_hash, created_at, last_seen_at) values ($1, $2, $3, $3)
        on conflict (user_id, device_hash) do update set last_seen_at = $3";
    sqlx::query(query).bind(user).bind(&device.hash).bind(now).execute(&mut *conn).await?;
    let query = "delete from known_devices where user_id = $1 and device_hash not in (
        select device_hash from known_devices where user_id = $1 order by last_seen_at desc, device_hash limit $2)";
    sqlx::query(query).bind(user).bind(MOST).execute(conn).await?;
    Ok(())
}

pub(crate) async fn forget(conn: &mut PgConnection, user: UserId) -> Result<()> {
    sqlx::query("delete from known_devices where user_id = $1").bind(user).execute(conn).await?;
    Ok(())
}
