//! Edits that do not overwrite each other: `ETag` and `If-Match` (RFC 9110, sections 8.8.3 and 13.1.1).

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use serde::Serialize;

use super::Problem;

/// A row that people replace as a whole.
pub trait Revised {
    /// When it was stored as it is.
    fn updated_at(&self) -> DateTime<Utc>;
}

/// A row that can be edited, on its way to a client: the answer carries its `ETag`.
pub struct Editable<T>(pub T);

impl<T: Serialize + Revised> IntoResponse for Editable<T> {
    fn into_response(self) -> Response {
        let tag = tag(self.0.updated_at());
        let mut response = Json(self.0).into_response();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

pub(crate) fn tag(updated_at: DateTime<Utc>) -> String {
    format!("\"{:x}\"", updated_at.timestamp_micros())
}

/// The states of a row that the client is ready to replace, from `If-Match`. Without the header, any.
pub struct IfMatch(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = parts.headers.get(header::IF_MATCH);
        Ok(Self(value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())))
    }
}

impl IfMatch {
    /// Whatever the state is now.
    pub const ANY: Self = Self(None);

    /// Call it with the locked row's `updated_at`.
    ///
    /// # Errors
    /// `changed_meanwhile` (412) when the row is none of the states that the client knows.
    pub fn check(&self, updated_at: DateTime<Utc>) -> Result<()> {
        let Some(known) = &self.0 else { return Ok(()) };
        let current = tag(updated_at);
        if known.split(',').map(str::trim).any(|tag| tag == "*" || tag == current) {
            return Ok(());
        }
        Err(Error::conflict(
            "changed_meanwhile",
            "somebody else saved it since you loaded it; load it again, or send it without If-Match to overwrite",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_matches_itself_anything_and_a_list_that_holds_it() {
        let at = DateTime::from_timestamp_micros(1_764_000_000_000_001).unwrap();
        let later = DateTime::from_timestamp_micros(1_764_000_000_000_002).unwrap();
        let check = |header: Option<String>, expected: bool| {
            assert_eq!(IfMatch(header.clone()).check(at).is_ok(), expected, "{header:?}");
        };
        check(None, true);
        check(Some("*".into()), true);
        check(Some(tag(at)), true);
        check(Some(format!("{}, {}", tag(later), tag(at))), true);
        check(Some(tag(later)), false);
        check(Some(String::new()), false);
        // A weak tag never matches strongly.
        check(Some(format!("W/{}", tag(at))), false);
    }
}
