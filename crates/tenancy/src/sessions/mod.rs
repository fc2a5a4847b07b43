//! Sessions of browsers.
//!
//! The browser holds 256 random bits and a tag in a cookie; the database holds their SHA-256. A made-up cookie is refused by its
//! tag, without a look-up. A session ends after 12 hours
//! without a request, after 7 days in any case, at sign-out, and with the membership it stands on. What the person may
//! do is read at each request, so a change of role or status counts at once; where processes share a Redis, requests that only read may
//! be answered by what was so a second ago ([`cache`]).

pub(crate) mod actions;
pub(crate) mod cache;
pub(crate) mod cookie;
pub(crate) mod routes;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod views;

use chrono::TimeDelta;

/// A session ends when it was not used for this long.
pub(crate) const IDLE: TimeDelta = TimeDelta::hours(12);
/// A session ends after this in any case.
pub(crate) const LONGEST: TimeDelta = TimeDelta::days(7);

/// How a person proved who they are.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SignInMethod)]
pub enum Method {
    Password,
    Supabase,
    /// A link that invited, and a password chosen with it.
    Invitation,
}
