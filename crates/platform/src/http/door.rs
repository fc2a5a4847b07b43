//! The way in: what happens to a request before any handler sees it.
//!
//! 1. Who sent it ([`Client`]), through the trusted proxies.
//! 2. A network that sent too much that was refused, or that came without a credential, waits; only credentials that were
//!    good a moment ago still pass, so a stranger silences nobody who shares their network.
//! 3. Authentication. Whatever brings no caller is counted for its network.
//! 4. A caller is counted by who they are, not by what they sent ([`limit_callers`]); what monitoring sends has a limit of
//!    its own.

use std::sync::Arc;

use axum::{
    body::HttpBody as _,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::Error;

use super::{
    Authenticator, Caller, Client, Network, Problem,
    body::rechecked,
    caller::Authenticated,
    rate_limit::{RateLimit, limited},
};

/// What stands at the door.
#[derive(Clone)]
pub struct Door {
    pub authenticator: Arc<dyn Authenticator>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[Network]>,
    /// What one network may send without being anybody.
    pub strangers: Option<Arc<RateLimit>>,
}

/// Middleware: lets callers and guests in. Whether a caller is needed is for the handler to say.
pub async fn admit(State(door): State<Door>, request: Request, next: Next) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let client = Client::behind(&parts, &door.trusted_proxies);
    let network = client.network();
    parts.extensions.insert(client);
    let over = door.strangers.as_ref().and_then(|limit| limit.wait(&network));
    if let Some(wait) = over.filter(|_| !door.authenticator.is_familiar(&parts)) {
        metrics::counter!("steward_strangers_refused_total").increment(1);
        return Problem(limited(wait)).into_response();
    }
    match door.authenticator.authenticate(&parts).await {
        Ok(Some(caller)) => {
            if !body.is_end_stream() {
                body = rechecked(body, door.authenticator.clone(), caller.clone());
            }
            parts.extensions.insert(Authenticated::Caller(Box::new(caller)));
        }
        Err(error @ (Error::Unavailable { .. } | Error::Internal(_))) => {
            return Problem(error).into_response();
        }
        refused => {
            if let Some(limit) = &door.strangers {
                limit.take(&network);
            }
            if let Err(error) = refused {
                parts.extensions.insert(Authenticated::Refused(Arc::new(error)));
            }
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Middleware inside [`admit`]: counts callers.
pub async fn limit_callers(State(limit): State<Arc<RateLimit>>, request: Request, next: Next) -> Response {
    if let Some(caller) = Caller::of(request.extensions()) {
        let who = format!("{}/{}/{:?}", caller.org, caller.actor.kind(), caller.actor.id());
        if let Some(wait) = limit.wait(&who) {
            return Problem(limited(wait)).into_response();
        }
        limit.take(&who);
    }
    next.run(request).await
}
