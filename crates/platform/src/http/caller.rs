//! Who calls, and what they may do.

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use kernel::{Error, NodeId, OrgId, Result, TokenId};
use uuid::Uuid;

use super::{Permission, Problem, idempotency::Asked};
use crate::db::{Actor, Db, Origin, Reach, Scope, TenantTx};

/// What a caller showed, by a name that tells nothing: by it the authenticator finds out whether it still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialId {
    /// The hash of a session's key.
    Session(Vec<u8>),
    Token(TokenId),
    /// A JWT, which counts until then.
    Jwt {
        expires_at: DateTime<Utc>,
    },
}

/// An authenticated caller, acting in one organization.
#[derive(Clone, Debug)]
pub struct Caller {
    pub org: OrgId,
    pub actor: Actor,
    /// The role in the organization; none for somebody who acts in some of its nodes only.
    pub role: Option<String>,
    /// What is held in the whole organization.
    pub permissions: Arc<BTreeSet<&'static str>>,
    /// What is held at nodes and below them, beside that.
    pub nodes: Arc<Vec<NodeRights>>,
    /// What a transaction in this caller's name reaches: nothing that nodes own, until a handler's signature says for what.
    pub reach: Reach,
    /// The node that owns what this caller brings in, if any does.
    pub home: Option<NodeId>,
    pub origin: Origin,
    pub correlation: Uuid,
    /// Set for a browser's session.
    pub csrf_token: Option<String>,
    pub credential: CredentialId,
    /// What the credential grants by itself, of a token; to say why it may not do something.
    pub granted: Option<TokenGrants>,
}

/// What a token would grant if only its role, or its role and scopes counted. What it may do, its owner's rights bound.
#[derive(Clone, Debug, Default)]
pub struct TokenGrants {
    pub by_role: Arc<BTreeSet<&'static str>>,
    pub in_scope: Arc<BTreeSet<&'static str>>,
}

/// What a caller may do at a node and below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRights {
    pub node: NodeId,
    pub permissions: BTreeSet<&'static str>,
    /// The node and all below it.
    pub below: BTreeSet<NodeId>,
}

impl Caller {
    /// Whether a permission is held in the whole organization.
    pub fn may(&self, permission: &str) -> bool {
        permission.is_empty() || self.permissions.contains(permission)
    }

    /// Whether a permission is held for what a node owns; for what nobody owns, in the whole organization.
    pub fn may_at(&self, permission: &str, node: Option<NodeId>) -> bool {
        self.may(permission)
            || node.is_some_and(|node| {
                self.nodes.iter().any(|at| at.below.contains(&node) && at.permissions.contains(permission))
            })
    }

    /// Whether a permission is held anywhere.
    pub fn may_somewhere(&self, permission: &str) -> bool {
        self.may(permission) || self.nodes.iter().any(|at| at.permissions.contains(permission))
    }

    /// Where a permission is held.
    pub fn reach_of(&self, permission: &str) -> Reach {
        if !permission.is_empty() && self.may(permission) {
            return Reach::Everywhere;
        }
        let held = self.nodes.iter().filter(|at| at.permissions.contains(permission));
        Reach::Nodes(held.map(|at| at.node).collect())
    }

    /// The node that will own what this caller makes, or moves there: the one asked for; if none was, the whole organization, or
    /// the only node in which somebody acts who acts in none but that.
    ///
    /// # Errors
    /// 422 `invalid_node` at `/node_id`
    pub async fn owner(
        &self,
        tx: &mut TenantTx,
        permission: &str,
        asked: Option<Option<NodeId>>,
    ) -> Result<Option<NodeId>> {
        let invalid = |detail: &str| Err(Error::field("invalid_node", "/node_id", detail));
        let node = match (asked, self.reach_of(permission)) {
            (None | Some(None), Reach::Everywhere) => return Ok(None),
            (Some(None), Reach::Nodes(_)) => {
                return invalid(
                    "null is for those who act in the whole organization; name one of your nodes",
                );
            }
            (None, Reach::Nodes(nodes)) => match nodes.as_slice() {
                [only] => return Ok(Some(*only)),
                _ => return invalid("say which of your nodes it is for"),
            },
            (Some(Some(node)), _) => node,
        };
        if !self.may_at(permission, Some(node)) || !tx.has_node(node).await? {
            return invalid("is no node of this organization in which you may do this");
        }
        Ok(Some(node))
    }

    /// The node that will own what this caller sends without saying whose it is: their token's own, or the whole organization; of
    /// somebody who may do this in one node only, that one.
    ///
    /// # Errors
    /// 403 `forbidden`
    pub fn home_of(&self, permission: &str) -> Result<Option<NodeId>> {
        if self.may_at(permission, self.home) {
            return Ok(self.home);
        }
        match self.reach_of(permission) {
            Reach::Nodes(nodes) if nodes.len() == 1 => Ok(nodes.first().copied()),
            _ => Err(Error::forbidden(
                "forbidden",
                "you act in several units or teams: send with a token that was made for one of them",
            )),
        }
    }

    /// The scope of a transaction in this caller's name.
    pub fn scope(&self) -> Scope {
        Scope {
            org: self.org,
            reach: self.reach.clone(),
            home: self.home,
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
    /// Whether the request carries a credential that was good a moment ago, or that we made, as far as can be told without
    /// asking the database.
    fn is_familiar(&self, parts: &Parts) -> bool;

    /// Whether the request carries a credential at all, good or not.
    fn has_credential(&self, parts: &Parts) -> bool;

    /// None when the request carries no credential at all; an error when it carries a wrong one.
    fn authenticate<'a>(&'a self, parts: &'a Parts) -> BoxFuture<'a, Result<Option<Caller>>>;

    /// For each caller, whether their credential would still let them in with the same rights. For what outlasts a request.
    fn recheck<'a>(&'a self, callers: &'a [Caller]) -> BoxFuture<'a, Result<Vec<bool>>>;
}

/// The outcome of authentication, kept until a handler asks.
#[derive(Clone)]
pub(super) enum Authenticated {
    Caller(Box<Caller>),
    Refused(Arc<Error>),
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

/// A caller who has the permission `P` in the whole organization.
pub struct Can<P>(Caller, PhantomData<P>);

/// A caller who has the permission `P` somewhere: in the whole organization, or at some nodes. Its transactions reach what is
/// there and nothing else.
pub struct CanIn<P>(Caller, PhantomData<P>);

impl<P> std::ops::Deref for CanIn<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl<S: Send + Sync, P: Permission> FromRequestParts<S> for CanIn<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        allowed(parts, P::NAME, Caller::may_somewhere).map(|caller| Self(caller, PhantomData))
    }
}

impl<P> std::ops::Deref for Can<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl<S: Send + Sync, P: Permission> FromRequestParts<S> for Can<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        allowed(parts, P::NAME, Caller::may).map(|caller| Self(caller, PhantomData))
    }
}

/// The caller of a request, if the question is answered with yes; from here on it reaches what the permission is held for.
fn allowed(
    parts: &Parts,
    permission: &'static str,
    may: fn(&Caller, &str) -> bool,
) -> Result<Caller, Problem> {
    if let Some(asked) = parts.extensions.get::<Asked>() {
        asked.note(permission);
    }
    match parts.extensions.get() {
        Some(Authenticated::Caller(caller)) if may(caller, permission) => {
            Ok(Caller { reach: caller.reach_of(permission), ..(**caller).clone() })
        }
        Some(Authenticated::Caller(caller)) => Err(Problem(lacks(caller, permission))),
        Some(Authenticated::Refused(error)) => Err(Problem(again(error))),
        None => Err(Problem(Error::unauthenticated(
            "unauthenticated",
            "sign in, or send an access token as `Authorization: Bearer …`",
        ))),
    }
}

/// The caller may not do this, and why: what is to be changed is a node, a token's scope, its owner's rights, or a role.
pub(super) fn lacks(caller: &Caller, permission: &str) -> Error {
    let has = |names: &BTreeSet<&'static str>| names.contains(permission);
    let detail = match &caller.granted {
        _ if caller.may_somewhere(permission) => {
            format!("this is for the whole organization, and {permission} is held here at some nodes only")
        }
        Some(token) if has(&token.in_scope) => {
            format!("this token does what its owner may do, and they do not have {permission} now")
        }
        Some(token) if has(&token.by_role) => {
            format!("the scopes of this token leave out {permission}, which its role would allow")
        }
        _ => match caller.role.as_deref() {
            Some(role) => format!("the role {role} may not do this; it needs {permission}"),
            None => format!("this needs {permission}, and no role that you have at a node allows it"),
        },
    };
    Error::forbidden("forbidden", detail)
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
