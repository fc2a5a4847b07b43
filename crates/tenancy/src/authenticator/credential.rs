//! What a request brings to be let in.

use axum::http::{HeaderMap, header, request::Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Result, Secret};

use crate::{
    sessions::cookie::{self, SessionKey},
    tokens,
};

/// A credential, told apart by its shape.
pub(crate) enum Credential {
    Token(Secret<String>),
    /// Of Supabase Auth.
    Jwt(Secret<String>),
    Session(SessionKey),
}

impl Credential {
    /// The first credential of a request, if it has any.
    ///
    /// # Errors
    /// `invalid_token` when it is of no known shape.
    pub(crate) fn of(parts: &Parts) -> Result<Option<Self>> {
        if let Some(text) = authorization(&parts.headers)? {
            return by_shape(text).map(Some);
        }
        if let Some(value) = parts.headers.get("x-api-key") {
            let text = value.to_str().map_err(|_| unknown())?;
            return by_shape(text.trim().to_owned()).map(Some);
        }
        if let Some(text) = query_token(parts) {
            return by_shape(text).map(Some);
        }
        Ok(cookie::get(&parts.headers).map(Self::Session))
    }
}

fn unknown() -> Error {
    Error::unauthenticated("invalid_token", "this is neither an access token nor a JWT; was it cut off?")
}

fn by_shape(text: String) -> Result<Credential> {
    if tokens::text::is_shaped(&text) {
        return Ok(Credential::Token(Secret::new(text)));
    }
    // The header of a JWT is the base64 of a JSON object, whose first characters are always these.
    if text.starts_with("ey") && text.split('.').count() == 3 {
        return Ok(Credential::Jwt(Secret::new(text)));
    }
    Err(unknown())
}

/// The credential of `Authorization: Bearer …` (RFC 6750), or the password of `Basic` (RFC 7617).
fn authorization(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| unknown())?;
    let (scheme, rest) = text.split_once(' ').ok_or_else(unknown)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Some(rest.trim().to_owned()));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD.decode(rest.trim()).map_err(|_| unknown())?;
        let decoded = String::from_utf8(decoded).map_err(|_| unknown())?;
        let (_, password) = decoded.split_once(':').ok_or_else(unknown)?;
        return Ok(Some(password.to_owned()));
    }
    Err(Error::unauthenticated("invalid_token", "Authorization must be Bearer or Basic"))
}

/// Some senders of webhooks can be given nothing but an address.
fn query_token(parts: &Parts) -> Option<String> {
    if !parts.uri.path().starts_with("/hooks/") {
        return None;
    }
    let query = parts.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "token")
        .map(|(_, text)| text.into_owned())
}
