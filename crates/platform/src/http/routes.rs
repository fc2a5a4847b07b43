//! Routes of which the document says who may call them. There is no other way into a [`Domain`](crate::domain::Domain): a route that the
//! document does not have is one that no test calls.

use axum::{Router, extract::DefaultBodyLimit};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Handlers at one path, as [`routes!`](crate::routes) makes them.
pub struct Operations<S = ()>(pub(super) UtoipaMethodRouter<S>);

/// Routes of a domain, or of a part of one.
#[derive(Clone)]
pub struct Routes<S = ()>(OpenApiRouter<S>);

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub fn new() -> Self {
        Self(OpenApiRouter::new())
    }

    #[must_use]
    pub fn routes(self, operations: Operations<S>) -> Self {
        Self(self.0.routes(operations.0))
    }

    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// Bodies may have so many bytes.
    #[must_use]
    pub fn largest_body(self, bytes: usize) -> Self {
        Self(self.0.layer(DefaultBodyLimit::max(bytes)))
    }

    pub fn with_state<T>(self, state: S) -> Routes<T> {
        Routes(self.0.with_state(state))
    }

    pub fn to_openapi(&self) -> OpenApi {
        self.0.clone().into_openapi()
    }

    /// What serves them, and what says so.
    pub fn split_for_parts(self) -> (Router<S>, OpenApi) {
        self.0.split_for_parts()
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> From<Routes<S>> for Router<S> {
    fn from(routes: Routes<S>) -> Self {
        routes.0.into()
    }
}
