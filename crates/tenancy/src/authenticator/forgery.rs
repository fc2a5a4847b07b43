//! Requests that another site makes a browser send (CSRF).
//!
//! The session's cookie is `SameSite=Lax`, which already keeps it out of foreign POSTs. Beside it, a changing request
//! must repeat the session's token in `X-CSRF-Token`, which no other site can read, and come from our own origin when
//! the browser names one.

use axum::{
    extract::FromRequestParts,
    http::{Method, header, request::Parts},
};
use kernel::{Error, Result};
use platform::{
    db::Origin,
    http::{Client, Input, Problem},
};
use subtle::ConstantTimeEq;
use url::Url;

use crate::Deps;

/// Where somebody who signs in comes from. Another site's page cannot sign its visitors in.
pub(crate) struct FromBrowser(pub Origin);

impl FromRequestParts<Deps> for FromBrowser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Problem> {
        check_origin(parts, deps.options.public_url.as_ref())?;
        Ok(Self(Client::of(&parts.extensions).origin()))
    }
}

/// # Errors
/// `csrf_token_invalid`, `origin_refused`
pub(crate) fn check(parts: &Parts, csrf_token: &str, public_url: Option<&Url>) -> Result<()> {
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    check_origin(parts, public_url)?;
    let sent = parts.headers.get("x-csrf-token").map(|value| value.as_bytes()).unwrap_or_default();
    if bool::from(sent.ct_eq(csrf_token.as_bytes())) {
        return Ok(());
    }
    let detail = "send the csrf_token of /api/v1/me as X-CSRF-Token with every changing request";
    Err(Error::forbidden("csrf_token_invalid", detail))
}

/// Whether the page that sent a request is one of ours: at the public address, or at the address it was sent to.
///
/// # Errors
/// `origin_refused`
pub(crate) fn check_origin(parts: &Parts, public_url: Option<&Url>) -> Result<()> {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let public =
        public_url.is_some_and(|url| url.origin().ascii_serialization().eq_ignore_ascii_case(origin));
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let here = authority.zip(host(parts)).is_some_and(|(sent, host)| sent.eq_ignore_ascii_case(host));
    if public || here {
        return Ok(());
    }
    Err(Error::forbidden("origin_refused", "this request was sent by a page of another site"))
}

/// The address that the request was sent to; HTTP/2 has it in the target.
fn host(parts: &Parts) -> Option<&str> {
    match parts.headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => parts.uri.authority().map(|authority| authority.as_str()),
    }
}

impl Input for FromBrowser {}
