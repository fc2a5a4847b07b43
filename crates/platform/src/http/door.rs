//! The way in: what happens to a request before any handler sees it.
//!
//! 1. Who sent it ([`Client`]), through the trusted proxies.
//! 2. A network that sent too much that was refused, or that came without a credential, waits; only credentials that were
//!    good a moment ago still pass, so a stranger silences nobody who shares their network. The two are counted apart: a
//!    program with a dead token locks nobody beside it out of the sign-in, which needs no credential.
//! 3. Authentication. Whatever brings no caller is counted for its network.
//! 4. A caller is counted by who they are, not by what they sent ([`limit_callers`]); what monitoring sends has a limit of
//!    its own.

use std::sync::Arc;

use axum::{
    body::HttpBody as _,
    extract::{Request, State},
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::Error;

use super::{Authenticator, Caller, Client, Network, Problem, body::rechecked, caller::Authenticated};
use crate::{
    db::Actor,
    hot::{Limit, limited},
};

/// What stands at the door.
#[derive(Clone)]
pub struct Door {
    pub authenticator: Arc<dyn Authenticator>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[Network]>,
    /// What one network may send without being anybody.
    pub strangers: Option<Arc<Limit>>,
}

/// How somebody who is nobody yet is counted.
#[derive(Clone, Copy)]
enum Stranger {
    /// They show something, which may turn out to be worth nothing.
    Claimant,
    /// They show nothing: a guest who signs in, or looks.
    Guest,
}

impl Stranger {
    fn of(parts: &Parts, authenticator: &dyn Authenticator) -> Self {
        if authenticator.has_credential(parts) { Self::Claimant } else { Self::Guest }
    }

    fn counted_as(self, network: &str) -> String {
        match self {
            Self::Claimant => format!("refused {network}"),
            Self::Guest => format!("guest {network}"),
        }
    }

    const fn limit(self) -> &'static str {
        match self {
            Self::Claimant => "your network's limit of strangers, for credentials that were refused",
            Self::Guest => "your network's limit of strangers, for requests without a credential",
        }
    }
}

/// Middleware: lets callers and guests in. Whether a caller is needed is for the handler to say.
pub async fn admit(State(door): State<Door>, request: Request, next: Next) -> Response {
    let (mut parts, mut body) = request.into_parts();
    let client = Client::behind(&parts, &door.trusted_proxies);
    let network = client.network();
    parts.extensions.insert(client);
    let kind = Stranger::of(&parts, &*door.authenticator);
    let counted = kind.counted_as(&network);
    if let Some(limit) = &door.strangers
        // Whoever is familiar costs a look at their credential, and no question to others.
        && (limit.is_shared() || limit.wait_here(&counted).is_some())
        && !door.authenticator.is_familiar(&parts)
        && let Some(wait) = limit.wait(&counted).await
    {
        metrics::counter!("steward_strangers_refused_total").increment(1);
        return Problem(limited(wait, kind.limit())).into_response();
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
                let _over = limit.take(&counted).await;
            }
            if let Err(error) = refused {
                parts.extensions.insert(Authenticated::Refused(Arc::new(error)));
            }
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

/// How often one caller may send something.
#[derive(Clone)]
pub struct CallerLimit {
    pub rate: Arc<Limit>,
    /// For who ran into it.
    pub name: &'static str,
}

/// Middleware inside [`admit`]: counts callers.
pub async fn limit_callers(State(limit): State<CallerLimit>, request: Request, next: Next) -> Response {
    if let Some(caller) = Caller::of(request.extensions())
        && let Some(wait) = limit.rate.take(&counted_as(caller)).await
    {
        return Problem(limited(wait, limit.name)).into_response();
    }
    next.run(request).await
}

/// A token by itself, a person in each organization.
fn counted_as(caller: &Caller) -> String {
    match &caller.actor {
        Actor::Token { id, .. } => id.to_string(),
        Actor::User { id, .. } => format!("{}/{id}", caller.org),
        Actor::System { name } => format!("{}/{name}", caller.org),
    }
}
