//! A client that drives a router in the test's own process, as a caller.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Parts},
    middleware,
};
use kernel::Result;
use platform::http::{Authenticator, Caller, Door, admit};
use serde_json::Value;
use tower::ServiceExt;

/// Sends requests to a router, as one caller or as nobody.
#[derive(Clone)]
pub struct TestClient {
    router: Router,
    headers: HeaderMap,
}

/// Every request comes from the same caller, who may stay for ever.
pub struct Always(pub Option<Caller>);

impl Authenticator for Always {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn has_credential(&self, _: &Parts) -> bool {
        true
    }

    fn is_familiar(&self, _: &Parts) -> bool {
        self.0.is_some()
    }

    fn recheck<'a>(
        &'a self,
        callers: &'a [Caller],
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Vec<bool>>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(vec![true; callers.len()])))
    }
}

/// A door without limits.
pub fn door(authenticator: Arc<dyn Authenticator>) -> Door {
    Door { authenticator, trusted_proxies: Arc::new([]), strangers: None }
}

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body; `Value::Null` when it is empty, a string when it is no JSON.
    pub body: Value,
}

impl TestClient {
    /// A client whose requests all come from this caller.
    pub fn new(router: Router, caller: Option<Caller>) -> Self {
        Self::bare(router.layer(middleware::from_fn_with_state(door(Arc::new(Always(caller))), admit)))
    }

    /// A client of a router that authenticates by itself.
    pub fn bare(router: Router) -> Self {
        Self { router, headers: HeaderMap::new() }
    }

    /// What it sends with each request.
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same client, sending one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().expect("a header value"));
        self
    }

    pub async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.send(Method::POST, path, Body::from(body.to_string())).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Response {
        self.send(Method::PUT, path, Body::from(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Response {
        self.send(Method::PATCH, path, Body::from(body.to_string())).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    /// The status alone: the body of a stream does not end.
    pub async fn status(&self, method: Method, path: &str, body: Body) -> StatusCode {
        self.answer(method, path, body).await.status()
    }

    async fn answer(&self, method: Method, path: &str, body: Body) -> axum::response::Response {
        let request = self.request(method, path, body);
        self.router.clone().oneshot(request).await.expect("a router never fails")
    }

    fn request(&self, method: Method, path: &str, body: Body) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).body(body).expect("a request");
        request.headers_mut().extend(self.headers.clone());
        request
            .headers_mut()
            .entry(header::CONTENT_TYPE)
            .or_insert("application/json".parse().expect("a value"));
        request
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> Response {
        let response = self.answer(method, path, body).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = match serde_json::from_slice(&bytes) {
            Ok(json) => json,
            Err(_) if bytes.is_empty() => Value::Null,
            Err(_) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
        };
        Response { status: parts.status, headers: parts.headers, body }
    }
}

impl Response {
    /// The body, after checking the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The code of a problem, after checking the status.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        let body = self.expect(status);
        body["code"].as_str().unwrap_or_else(|| panic!("no problem document: {body}")).to_owned()
    }
}
