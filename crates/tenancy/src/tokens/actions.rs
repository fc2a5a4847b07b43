//! Making and revoking tokens, and finding out what one grants.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Result, Secret, TokenId};
use platform::{
    App,
    db::TenantTx,
    http::Caller,
    record::{Change, Subject},
    secrets::Keyring,
};
use serde_json::json;

use super::{
    cache::{Grant, TokenCache},
    store::{self, FoundToken, NewRow},
    text,
};
use crate::{
    nodes::{self, NodeKind},
    organizations::{self, model::check_name},
    permissions::{self, Role, TokenScope},
};

/// A token to make.
pub struct NewToken {
    pub name: String,
    pub role: Role,
    pub scopes: Vec<TokenScope>,
    /// The team it belongs to; none for the whole organization.
    pub team: Option<NodeId>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that was made. Its text is shown to who made it and then forgotten.
pub struct CreatedToken {
    pub id: TokenId,
    pub text: Secret<String>,
}

fn subject(id: TokenId) -> Subject<'static> {
    Subject { kind: "token", id: id.uuid() }
}

/// # Errors
/// `token_exceeds_rights` when the token could do what the caller may not.
pub(crate) fn check_rights(caller: &Caller, new: &NewToken) -> Result<()> {
    let granted = permissions::of_token(new.role, &new.scopes);
    match granted.iter().find(|permission| !caller.may(permission)) {
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
/// `invalid_name`, `invalid_scopes`, `invalid_team`, `invalid_expiry`
pub(crate) async fn create(tx: &mut TenantTx, keyring: &Keyring, new: &NewToken) -> Result<CreatedToken> {
    let name = check_name(&new.name)?;
    check_scopes(new)?;
    if new.expires_at.is_some_and(|end| end <= tx.now()) {
        return Err(Error::field("invalid_expiry", "/expires_at", "must be in the future"));
    }
    let organization = organizations::store::find(tx).await?;
    let team = match new.team {
        Some(id) => Some(find_team(tx, id).await?),
        None => None,
    };
    let secret = text::generate(&organization.slug, team.as_ref().map(|team| team.slug.as_str()));
    let mut scopes: Vec<_> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let row = NewRow {
        id: TokenId::new(tx.now()),
        node_id: new.team,
        name: &name,
        role: new.role,
        scopes: &scopes,
        hint: &text::hint(secret.expose()),
        mac: &text::mac(keyring.pepper(), secret.expose())?,
        expires_at: new.expires_at,
    };
    store::insert(tx, &row).await?;
    let after = json!({ "name": name, "role": new.role, "scopes": scopes, "team_id": new.team,
        "expires_at": new.expires_at });
    let kind = "token.created.v1";
    tx.record(Change { kind, subject: subject(row.id), before: None, after: Some(after), reason: None })
        .await?;
    Ok(CreatedToken { id: row.id, text: secret })
}

fn check_scopes(new: &NewToken) -> Result<()> {
    let refuse = |detail: String| Err(Error::field("invalid_scopes", "/scopes", detail));
    if new.scopes.is_empty() {
        return refuse("must hold api, ingest or both".into());
    }
    if permissions::of_token(new.role, &new.scopes).is_empty() {
        return refuse(format!("the role {} may not post alerts: the token could do nothing", new.role));
    }
    Ok(())
}

async fn find_team(tx: &mut TenantTx, id: NodeId) -> Result<nodes::Node> {
    let node = nodes::store::find(tx, id).await?.filter(|node| node.kind == NodeKind::Team);
    node.ok_or_else(|| Error::field("invalid_team", "/team_id", "is no team of this organization"))
}

/// Revokes a token; revoking it again changes nothing. Call [`TokenCache::forget`] after the commit.
pub(crate) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<()> {
    let Some(name) = store::revoke(tx, id).await? else {
        return if store::exists(tx, id).await? { Ok(()) } else { Err(Error::NotFound("token")) };
    };
    let before = Some(json!({ "name": name }));
    tx.record(Change { kind: "token.revoked.v1", subject: subject(id), before, after: None, reason: None })
        .await?;
    Ok(())
}

/// What a token grants.
///
/// # Errors
/// `invalid_token`, `token_expired`, `token_revoked`, `organization_suspended`
pub(crate) async fn redeem(app: &App, cache: &TokenCache, token: &Secret<String>) -> Result<Grant> {
    if !text::is_whole(token.expose()) {
        return Err(unknown());
    }
    let (mac, now) = (text::mac(app.keyring.pepper(), token.expose())?, app.clock.now());
    if let Some(grant) = cache.get(&mac, now) {
        return Ok(grant);
    }
    let since = cache.generation();
    let mut tx = app.db.system("a token tells which organization it belongs to").await?;
    let found = store::find_by_mac(tx.conn(), &mac).await?.ok_or_else(unknown)?;
    check(&found, now)?;
    if tx.takes_writes() {
        store::touch(tx.conn(), &found, now).await?;
    }
    tx.commit().await?;
    let scopes: Vec<_> = found.scopes.iter().filter_map(|scope| TokenScope::parse(scope)).collect();
    let grant = Grant {
        org: found.org_id,
        id: found.id,
        name: found.name,
        role: found.role,
        permissions: permissions::of_token(found.role, &scopes),
        expires_at: found.expires_at,
    };
    cache.keep(mac, grant.clone(), now, since);
    Ok(grant)
}

fn unknown() -> Error {
    Error::unauthenticated("invalid_token", "this is no valid token; was it cut off when it was copied?")
}

fn check(token: &FoundToken, now: DateTime<Utc>) -> Result<()> {
    if token.revoked_at.is_some() {
        return Err(Error::unauthenticated("token_revoked", "this token was revoked; use another"));
    }
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::unauthenticated("token_expired", "this token has expired; make a new one"));
    }
    token.organization_status.check()
}
