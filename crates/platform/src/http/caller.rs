//! Who calls, and what they may do.

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::future::BoxFuture;
use kernel::{Error, OrgId, Result};
use uuid::Uuid;

use super::Problem;
use crate::db::{Actor, Db, Origin, Scope, TenantTx};

/// A question that a handler's signature asks.
pub trait Permission: Send + Sync + 'static {
    /// As in `/api/v1/me`: `alerts:read`.
    const NAME: &'static str;
}

macro_rules! permissions {
    ($($name:ident = $text:literal)+) => {$(
        #[doc = concat!("The permission `", $text, "`.")]
        pub struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
        }
    )+};
}

permissions! {
    AlertsRead = "alerts:read"
    AlertsWrite = "alerts:write"
    IssuesRead = "issues:read"
    IssuesWrite = "issues:write"
    SkillsRead = "skills:read"
    SkillsWrite = "skills:write"
    ToolsRead = "tools:read"
    ToolsWrite = "tools:write"
    ToolsRun = "tools:run"
    ReceiversRead = "receivers:read"
    ReceiversWrite = "receivers:write"
    MembersRead = "members:read"
    MembersWrite = "members:write"
    TokensRead = "tokens:read"
    TokensWrite = "tokens:write"
    SettingsRead = "settings:read"
    SettingsWrite = "settings:write"
    AuditRead = "audit:read"
    JobsRead = "jobs:read"
    JobsWrite = "jobs:write"
    IngestWrite = "ingest:write"
}

/// Any signed-in caller; asks for nothing else.
pub struct SignedIn;
impl Permission for SignedIn {
    const NAME: &'static str = "";
}

/// An authenticated caller, acting in one organization.
#[derive(Clone, Debug)]
pub struct Caller {
    pub org: OrgId,
    pub actor: Actor,
    pub role: String,
    pub permissions: Arc<BTreeSet<&'static str>>,
    pub origin: Origin,
    pub correlation: Uuid,
    /// Set for a browser's session.
    pub csrf_token: Option<String>,
}

impl Caller {
    pub fn may(&self, permission: &str) -> bool {
        permission.is_empty() || self.permissions.contains(permission)
    }

    /// The scope of a transaction in this caller's name.
    pub fn scope(&self) -> Scope {
        Scope {
            org: self.org,
            actor: self.actor.clone(),
            origin: self.origin.clone(),
            correlation: self.correlation,
            causation: None,
        }
    }

    pub async fn tx(&self, db: &Db) -> Result<TenantTx> {
        db.tenant(self.scope()).await
    }
}

/// Finds out who sent a request. `tenancy` implements it; `server` installs it.
pub trait Authenticator: Send + Sync + 'static {
    /// None when the request carries no credential at all; an error when it carries a wrong one.
    fn authenticate<'a>(&'a self, parts: &'a Parts) -> BoxFuture<'a, Result<Option<Caller>>>;
}

/// The outcome of authentication, kept until a handler asks.
#[derive(Clone)]
enum Authenticated {
    Caller(Box<Caller>),
    Refused(Arc<Error>),
}

/// Middleware: authenticates once for each request. Whether a caller is needed is for the handler to say.
pub async fn authenticate(
    State(authenticator): State<Arc<dyn Authenticator>>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match authenticator.authenticate(&parts).await {
        Ok(Some(caller)) => {
            parts.extensions.insert(Authenticated::Caller(Box::new(caller)));
        }
        Ok(None) => {}
        Err(error @ (Error::Unavailable { .. } | Error::Internal(_))) => {
            return Problem(error).into_response();
        }
        Err(error) => {
            parts.extensions.insert(Authenticated::Refused(Arc::new(error)));
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

impl Caller {
    /// The caller of this request, if it is an authenticated one.
    pub fn of(extensions: &axum::http::Extensions) -> Option<&Self> {
        match extensions.get() {
            Some(Authenticated::Caller(caller)) => Some(caller),
            _ => None,
        }
    }
}

/// A caller who has the permission `P`.
pub struct Can<P>(Caller, PhantomData<P>);

impl<P> std::ops::Deref for Can<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl<S: Send + Sync, P: Permission> FromRequestParts<S> for Can<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get() {
            Some(Authenticated::Caller(caller)) if caller.may(P::NAME) => {
                Ok(Self((**caller).clone(), PhantomData))
            }
            Some(Authenticated::Caller(caller)) => {
                let detail = format!("the role {} may not do this; it needs {}", caller.role, P::NAME);
                Err(Problem(Error::forbidden("forbidden", detail)))
            }
            Some(Authenticated::Refused(error)) => Err(Problem(again(error))),
            None => Err(Problem(Error::unauthenticated(
                "unauthenticated",
                "sign in, or send an access token as `Authorization: Bearer …`",
            ))),
        }
    }
}

/// Errors do not clone; a refusal is only ever one of these.
fn again(error: &Error) -> Error {
    let detail = error.to_string();
    match error {
        Error::Forbidden { code, .. } => Error::Forbidden { code: *code, detail },
        Error::Limited { code, retry_after, .. } => {
            Error::Limited { code: *code, detail, retry_after: *retry_after }
        }
        other => Error::Unauthenticated { code: other.code(), detail },
    }
}
