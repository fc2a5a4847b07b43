//! The OpenAPI document: what it says of the whole, and how it is served.
//!
//! Anybody may ask for it and nobody is counted for that, so it is written and packed once, when the server starts.

use std::io::Write;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use flate2::{Compression, write::GzEncoder};
use kernel::{Error, Result};
use platform::record::Catalogue;
use utoipa::openapi::{Info, License, OpenApi};

use crate::http::event_catalogue;

/// `/openapi.json`, ready to be sent. Keep it out of any layer that packs answers.
pub(crate) fn routes(document: &OpenApi) -> Result<Router> {
    let plain = serde_json::to_vec(document)?;
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&plain).map_err(Error::internal)?;
    let packed = Bytes::from(packer.finish().map_err(Error::internal)?);
    let plain = Bytes::from(plain);
    let send = async move |headers: HeaderMap| answer(&headers, &plain, &packed);
    Ok(Router::new().route("/openapi.json", get(send)))
}

fn answer(headers: &HeaderMap, plain: &Bytes, packed: &Bytes) -> Response {
    let fixed = [(header::CONTENT_TYPE, "application/json"), (header::VARY, "accept-encoding")];
    match takes_gzip(headers) {
        true => (fixed, [(header::CONTENT_ENCODING, "gzip")], packed.clone()).into_response(),
        false => (fixed, plain.clone()).into_response(),
    }
}

/// `q=0` is a refusal. Who would rather have another coding (`q=0.5`) is sent the plain text.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !weight.trim().starts_with("q=0")
    })
}

pub(crate) fn document(mut api: OpenApi, hooks: OpenApi, events: &Catalogue) -> OpenApi {
    api.merge(hooks);
    event_catalogue::describe(&mut api, events);
    let mut info = Info::new("Steward", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Every signal gets an owner, an answer and a record. Authenticate with a session cookie (and the header \
         X-CSRF-Token on changes) or with `Authorization: Bearer <access token>`. Errors are RFC 9457 problems \
         with a stable `code`. Lists are pages: follow `next_cursor`. POSTs take an Idempotency-Key."
            .into(),
    );
    info.license = Some(License::new("Apache-2.0"));
    api.info = info;
    secure(&mut api);
    api
}

/// How a caller may authenticate.
fn secure(document: &mut OpenApi) {
    use utoipa::openapi::security::{
        ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
    };
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("steward_session")));
    components.add_security_scheme("session", cookie);
    let none: [&str; 0] = [];
    document.security =
        Some(vec![SecurityRequirement::new("bearer", none), SecurityRequirement::new("session", none)]);
}
