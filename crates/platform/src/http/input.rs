//! Input that says where it is wrong.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{StatusCode, request::Parts},
};
use kernel::{Code, Error, FieldError};
use serde::de::DeserializeOwned;

use super::{Problem, body::refusal};

/// A JSON body.
pub struct Body<T>(pub T);

/// A JSON body as it came, checked to be storable but not to have any shape.
pub struct RawJson(pub Bytes);

/// Query parameters.
pub struct Query<T>(pub T);

/// Path parameters. What is no id names nothing: 404.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        refuse_nul(&bytes)?;
        // An absent body is an empty object, for actions whose arguments are all optional.
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let pointer = pointer(error.path());
            malformed(error.inner(), pointer)
        })?;
        deserializer.end().map_err(|error| malformed(&error, String::new()))?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequest<S> for RawJson {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
        refuse_nul(&bytes)?;
        Ok(Self(bytes))
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let too_large = matches!(&rejection, BytesRejection::FailedToBufferBody(_))
            && rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem(if too_large {
            Error::invalid("body_too_large", "the body is larger than this endpoint takes")
        } else {
            refusal(&rejection)
                .unwrap_or_else(|| Error::invalid("malformed_json", "the body could not be read to its end"))
        })
    })
}

/// Tells bad syntax (400) from a wrong shape (422).
fn malformed(error: &serde_json::Error, pointer: String) -> Error {
    let code = if error.is_data() { "invalid_body" } else { "malformed_json" };
    let detail = error.to_string();
    let fields = vec![FieldError { pointer: pointer.clone(), detail: detail.clone() }];
    let place = if pointer.is_empty() { "the body" } else { &pointer };
    Error::Invalid { code: Code(code), detail: format!("{place}: {detail}"), fields }
}

/// serde's path as a JSON Pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            Segment::Map { key } => text.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

/// PostgreSQL stores no NUL in text or jsonb. In valid JSON one can only stand as the escape `\u0000`.
///
/// # Errors
/// `malformed_json` with the offset of the first one.
pub fn refuse_nul(json: &[u8]) -> Result<(), Error> {
    let mut escaped = false;
    for (offset, byte) in json.iter().enumerate() {
        if *byte == 0 || (escaped && json[offset..].starts_with(b"u0000")) {
            let detail = format!("the body holds a NUL character at byte {offset}; remove it");
            return Err(Error::invalid("malformed_json", detail));
        }
        escaped = !escaped && *byte == b'\\';
    }
    Ok(())
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem(Error::invalid(
                "invalid_query",
                "a parameter holds a NUL character; remove it",
            )));
        }
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|query| Self(query.0))
            .map_err(|error| Problem(Error::invalid("invalid_query", error.body_text())))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Problem(Error::NotFound("resource")))
    }
}

#[cfg(test)]
mod tests {
    use super::refuse_nul;

    #[test]
    fn a_nul_is_found_where_it_stands() {
        let check = |json: &str, expected: Result<(), &str>| {
            let found = refuse_nul(json.as_bytes()).map_err(|error| error.to_string());
            match expected {
                Ok(()) => assert_eq!(found, Ok(()), "{json}"),
                Err(place) => assert!(found.unwrap_err().contains(place), "{json}"),
            }
        };
        check(r#"{"a":"b"}"#, Ok(()));
        check(r#"{"a":"\u0000"}"#, Err("byte 7"));
        check(r#"{"a":"\\u0000"}"#, Ok(()));
        check(r#"{"a":"\\\u0000"}"#, Err("byte 9"));
        check("\0", Err("byte 0"));
    }
}
