//! The console and the error pages, embedded in a release build and read from disk in a development build.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use kernel::{Error, Result};
use platform::http::Problem;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
struct Console;

#[derive(RustEmbed)]
#[folder = "../../docs/errors"]
struct ErrorPages;

/// For the page of the API reference: its scripts and styles come from here, it draws with inline styles and data images.
pub const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// For what is no page.
pub const NO_PAGE_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Scripts and styles come from here alone; React's inline styles need `unsafe-inline` for styles. Requests go here and
/// to `elsewhere`, an origin that people sign in at.
fn policy(elsewhere: Option<&str>) -> String {
    let elsewhere = elsewhere.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; connect-src 'self'{elsewhere}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: https:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
}

/// The console may speak to this server and, to sign people in, to the origin `elsewhere`.
pub fn routes(elsewhere: Option<&str>) -> Result<Router> {
    let policy = HeaderValue::from_str(&policy(elsewhere)).map_err(Error::internal)?;
    Ok(Router::new().route("/docs/errors/{code}", get(error_page)).fallback(page).with_state(policy))
}

/// A file of the console, or its one page for every path that is a page.
async fn page(State(policy): State<HeaderValue>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("hooks/") {
        return Problem(Error::NotFound("endpoint")).into_response();
    }
    if let Some(file) = Console::get(path).filter(|_| !path.is_empty()) {
        return serve(path, &file, &headers, policy);
    }
    match Console::get("index.html") {
        // A missing script must not be answered with a page.
        Some(_) if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        Some(index) => serve("index.html", &index, &headers, policy),
        None => {
            Html("<p>This build has no console. Build it with <code>make console</code>.</p>").into_response()
        }
    }
}

fn serve(path: &str, file: &EmbeddedFile, headers: &HeaderMap, policy: HeaderValue) -> Response {
    let etag = format!(
        "\"{}\"",
        file.metadata.sha256_hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );
    // With the same headers, which a browser puts in the place of those that it keeps.
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Response::new(Body::from(file.data.clone())),
    };
    let fixed = [
        (header::CONTENT_TYPE, content_type(path)),
        // Assets carry a hash in their name; the page that names them is asked for anew.
        (
            header::CACHE_CONTROL,
            if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" },
        ),
    ];
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}

/// The page that a problem's `type` leads to.
async fn error_page(Path(code): Path<String>) -> Response {
    let Some(file) = ErrorPages::get(&format!("{code}.md")) else {
        return (StatusCode::NOT_FOUND, "There is no error of this name.").into_response();
    };
    let markdown = String::from_utf8_lossy(&file.data);
    let mut html = String::from(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>\
        <title>Steward: error</title><body style='font:16px/1.5 system-ui;max-width:42rem;margin:3rem auto;padding:0 1rem'>",
    );
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&markdown));
    let policy = format!("{NO_PAGE_POLICY}; style-src 'unsafe-inline'");
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}
