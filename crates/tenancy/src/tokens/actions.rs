//! Making and revoking tokens, and finding out what one grants.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Result, Secret, TokenId, UserId};
use platform::{
    App,
    db::TenantTx,
    http::{Caller, Holders},
    record::Change,
    secrets::Keyring,
};

use super::{
    cache::{Grant, TokenCache},
    model::Owner,
    store::{self, NewRow},
    text,
};
use crate::{
    Deps,
    events::{Name, TokenCreated, TokenMade, TokenRevoked},
    nodes::{self, NodeKind},
    organizations::{self, model::check_name},
    permissions::{Access, Role, TokenScope},
};

/// A token to make.
pub struct NewToken {
    pub name: String,
    pub role: Role,
    pub scopes: Vec<TokenScope>,
    /// The node that it counts at, with all below it; none for the whole organization.
    pub node: Option<NodeId>,
    pub expires_at: Option<DateTime<Utc>>,
    pub owner: Owner,
}

/// A token that was made. Its text is shown to who made it and then forgotten.
pub struct CreatedToken {
    pub id: TokenId,
    pub text: Secret<String>,
}

/// Whose a token is that the caller makes. What outlives its maker may post alerts and no more.
///
/// # Errors
/// `token_exceeds_rights` when it would be the organization's and could use the API
pub(crate) fn owner(caller: &Caller, wanted: Option<Owner>, scopes: &[TokenScope]) -> Result<Owner> {
    let of_a_person = caller.actor.user().is_some();
    let ingest_only = !scopes.contains(&TokenScope::Api);
    match wanted {
        None if ingest_only || !of_a_person => Ok(Owner::Organization),
        None => Ok(Owner::Person),
        Some(Owner::Organization) if ingest_only || !of_a_person => Ok(Owner::Organization),
        Some(Owner::Organization) => Err(Error::forbidden(
            "token_exceeds_rights",
            "a token that may use the API is its maker's; the operator makes those of the organization, with \
             `steward admin create-token`",
        )),
        Some(Owner::Person) if of_a_person => Ok(Owner::Person),
        Some(Owner::Person) => Err(Error::field(
            "invalid_owner",
            "/owner",
            "must be organization: you are a program of the organization",
        )),
    }
}

/// # Errors
/// `token_exceeds_rights` when the token could do what the caller may not.
pub(crate) fn check_rights(access: &Access, caller: &Caller, new: &NewToken) -> Result<()> {
    let granted = access.of_token(new.role, &new.scopes);
    match granted.iter().find(|permission| !caller.may_at(permission, new.node)) {
        None => Ok(()),
        Some(permission) => {
            let detail = format!("a token with the role {} may do what you may not: {permission}", new.role);
            Err(Error::forbidden("token_exceeds_rights", detail))
        }
    }
}

/// Makes a token.
///
/// # Errors
/// `invalid_name`, `invalid_scopes`, `invalid_node`, `invalid_expiry`
pub(crate) async fn create(tx: &mut TenantTx, keyring: &Keyring, new: &NewToken) -> Result<CreatedToken> {
    let name = check_name(&new.name)?;
    check_scopes(new)?;
    if new.expires_at.is_some_and(|end| end <= tx.now()) {
        return Err(Error::field("invalid_expiry", "/expires_at", "must be in the future"));
    }
    let organization = organizations::store::get(tx).await?;
    let node = match new.node {
        Some(id) => Some(get_node(tx, id).await?),
        None => None,
    };
    let secret = text::generate(&organization.slug, node.as_ref().map(|node| node.slug.as_str()));
    let mut scopes = new.scopes.clone();
    scopes.sort_unstable();
    scopes.dedup();
    let names: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    let row = NewRow {
        id: TokenId::new(tx.now()),
        node_id: new.node,
        name: &name,
        role: new.role,
        scopes: &names,
        hint: &text::hint(secret.expose()),
        mac: &text::mac(keyring.pepper(), secret.expose())?,
        expires_at: new.expires_at,
        owner: new.owner,
    };
    store::insert(tx, &row).await?;
    let id = row.id;
    let made = TokenMade {
        name,
        role: new.role,
        scopes,
        owner: new.owner,
        node_id: new.node,
        expires_at: new.expires_at,
    };
    tx.record::<TokenCreated, _>((id.uuid(), None), Change::to(made)).await?;
    Ok(CreatedToken { id, text: secret })
}

fn check_scopes(new: &NewToken) -> Result<()> {
    let refuse = |detail: String| Err(Error::field("invalid_scopes", "/scopes", detail));
    if new.scopes.is_empty() {
        return refuse("must hold api, ingest or both".into());
    }
    if !new.scopes.contains(&TokenScope::Api) && !new.role.is_among(Holders::Senders) {
        return refuse(format!("the role {} may not post alerts: the token could do nothing", new.role));
    }
    Ok(())
}

/// A token of the root would be one of the organization under another name.
async fn get_node(tx: &mut TenantTx, id: NodeId) -> Result<nodes::Node> {
    let node = nodes::store::find(tx, id).await?.filter(|node| node.kind != NodeKind::Org);
    node.ok_or_else(|| Error::field("invalid_node", "/node_id", "is no unit or team of this organization"))
}

/// Revokes a token; revoking it again changes nothing. Call [`TokenCache::forget`] after the commit.
pub(crate) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<()> {
    let Some(name) = store::revoke(tx, id).await? else {
        return if store::exists(tx, id).await? { Ok(()) } else { Err(Error::NotFound("token")) };
    };
    record_revoked(tx, id, name).await
}

/// Revokes what somebody who leaves made for themselves.
pub(crate) async fn revoke_of_person(tx: &mut TenantTx, user: UserId) -> Result<()> {
    for (id, name) in store::revoke_of_person(tx, user).await? {
        record_revoked(tx, id, name).await?;
    }
    Ok(())
}

async fn record_revoked(tx: &mut TenantTx, id: TokenId, name: String) -> Result<()> {
    tx.record::<TokenRevoked, _>((id.uuid(), None), Change::from(Name { name })).await.map(drop)
}

/// What a token grants.
///
/// # Errors
/// `invalid_token`, `token_expired`, `token_revoked`, `token_owner_gone`, `organization_suspended`
pub(crate) async fn redeem(deps: &Deps, token: &Secret<String>) -> Result<Grant> {
    let (app, cache) = (&deps.app, &deps.tokens);
    if !text::is_whole(token.expose()) {
        return Err(unknown());
    }
    let (mac, now) = (text::mac(app.keyring.pepper(), token.expose())?, app.clock.now());
    if let Some(grant) = cache.get(&mac, now) {
        return Ok(grant);
    }
    let since = cache.generation();
    let found = deps.lookups.find(app, mac).await?.ok_or_else(unknown)?;
    found.check(now)?;
    let grant = Grant {
        org: found.org_id,
        id: found.id,
        user: found.user(),
        rights: found.rights(&deps.options.access),
        granted: found.granted(&deps.options.access),
        home: found.place.as_ref().map(|place| place.node),
        name: found.name.clone(),
        role: found.role,
        expires_at: found.expires_at,
    };
    cache.keep(mac, grant.clone(), now, since);
    Ok(grant)
}

/// Whether a token was good a moment ago.
pub(crate) fn is_familiar(app: &App, cache: &TokenCache, token: &Secret<String>) -> bool {
    text::is_whole(token.expose())
        && text::mac(app.keyring.pepper(), token.expose())
            .is_ok_and(|mac| cache.was_good(&mac, app.clock.now()))
}

fn unknown() -> Error {
    Error::unauthenticated("invalid_token", "this is no valid token; was it cut off when it was copied?")
}
