//! RFC 9457 problem documents.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Error, FieldError};
use serde::Serialize;

/// What handlers return.
pub type Answer<T> = Result<T, Problem>;

/// An error on its way to a client.
#[derive(Debug)]
pub struct Problem(pub Error);

impl<E: Into<Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// The page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable; match on this.
    pub code: String,
    /// For people: what went wrong and what to do.
    pub detail: String,
    /// Every place of the input that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = status_of(&error);
        if let Error::Internal(source) = &error {
            tracing::error!(error = %chain(source.as_ref()), "a request failed");
        }
        let retry_after = match &error {
            Error::Limited { retry_after, .. } => Some(*retry_after),
            Error::Unavailable { code, .. } if *code == Error::DISK_FULL => Some(10),
            Error::Unavailable { .. } => Some(1),
            _ => None,
        };
        let named = error.code();
        let code = named.to_string();
        let body = ProblemBody {
            kind: format!("/docs/errors/{code}"),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            code,
            detail: error.to_string(),
            errors: if let Error::Invalid { fields, .. } = error { fields } else { Vec::new() },
        };
        let mut response = (status, Json(body)).into_response();
        // For those on the way out.
        response.extensions_mut().insert(named);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer, Basic realm=\"steward\""),
            );
        }
        response
    }
}

/// The one table of statuses.
fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Conflict { code, .. } => match code.0 {
            "changed_meanwhile" => StatusCode::PRECONDITION_FAILED,
            _ => StatusCode::CONFLICT,
        },
        Error::Invalid { code, .. } => match code.0 {
            "malformed_json" | "invalid_cursor" | "invalid_limit" | "invalid_query" => {
                StatusCode::BAD_REQUEST
            }
            "body_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_slow" => StatusCode::REQUEST_TIMEOUT,
            "unsupported_media_type" | "unsupported_encoding" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        },
        Error::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
        Error::Forbidden { .. } => StatusCode::FORBIDDEN,
        Error::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
