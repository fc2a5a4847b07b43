//! The versions of a receiver's credentials: when each was set and by whom, never what it is.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Error, Page, Result};
use platform::{
    db::TenantTx,
    http::{Answer, Body, CanIn, Path, Routes},
    record::Change,
    routes,
    secrets::SecretVersion,
};
use serde::{Deserialize, Serialize};

use super::{Holder, store, views};
use crate::{
    Deps, ReceiverId,
    channels::Credential,
    events::{
        CredentialRestored, CredentialsForgotten, ReceiverCredentialRestored, ReceiverCredentialsForgotten,
    },
    permissions::{ReceiversRead, ReceiversWrite},
};

pub(super) fn routes() -> Routes<Deps> {
    Routes::new()
        .routes(routes!(list_receiver_credentials))
        .routes(routes!(restore_receiver_credential))
        .routes(routes!(forget_receiver_credentials))
}

/// A stored credential of a receiver.
#[derive(Serialize, utoipa::ToSchema)]
struct ReceiverCredential {
    credential: Credential,
    /// Those that count now, the current one first.
    versions: Vec<SecretVersion>,
}

/// Which version is used again.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct RestoreCredential {
    version: i32,
}

/// List the credentials of a receiver
///
/// Those that are stored, with their versions and without their values. All are on one page.
#[utoipa::path(get, path = "/api/v1/receivers/{id}/credentials", operation_id = "list_receiver_credentials",
    tag = "receivers", params(("id" = ReceiverId, Path)),
    responses((status = 200, body = Page<ReceiverCredential>)))]
async fn list_receiver_credentials(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversRead>,
    Path(id): Path<ReceiverId>,
) -> Answer<Json<Page<ReceiverCredential>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(Page { items: list(&mut tx, id).await?, next_cursor: None }))
}

/// Use an earlier credential again
///
/// As a new version; the one that is current until then stays as an earlier one.
#[utoipa::path(post, path = "/api/v1/receivers/{id}/credentials/{credential}/restore",
    operation_id = "restore_receiver_credential", tag = "receivers", request_body = RestoreCredential,
    params(("id" = ReceiverId, Path), ("credential" = Credential, Path)),
    responses((status = 204)))]
async fn restore_receiver_credential(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path((id, credential)): Path<(ReceiverId, String)>,
    Body(asked): Body<RestoreCredential>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    restore(&mut tx, &deps, (id, &credential), asked.version).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget earlier credentials
///
/// Only the current version is left, at once.
#[utoipa::path(post, path = "/api/v1/receivers/{id}/credentials/{credential}/forget-earlier",
    operation_id = "forget_receiver_credentials", tag = "receivers",
    params(("id" = ReceiverId, Path), ("credential" = Credential, Path)),
    responses((status = 204)))]
async fn forget_receiver_credentials(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path((id, credential)): Path<(ReceiverId, String)>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    forget_earlier(&mut tx, (id, &credential)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn list(tx: &mut TenantTx, id: ReceiverId) -> Result<Vec<ReceiverCredential>> {
    let holder = views::holder(tx, id).await?;
    let mut stored = Vec::new();
    for setting in holder.channel.credentials() {
        let versions = holder.versions(tx, setting.name).await?;
        if !versions.is_empty() {
            stored.push(ReceiverCredential { credential: setting.name.into(), versions });
        }
    }
    Ok(stored)
}

async fn restore(
    tx: &mut TenantTx,
    deps: &Deps,
    (id, credential): (ReceiverId, &str),
    restored: i32,
) -> Result<()> {
    let holder = store::lock(tx, id).await?.holder();
    let credential = named(holder, credential)?;
    let version = holder.restore(tx, &deps.app.keyring, credential, restored).await?;
    let change = Change::to(CredentialRestored { credential: credential.into(), restored, version });
    tx.record::<ReceiverCredentialRestored, _>((id.uuid(), holder.node), change).await.map(drop)
}

/// Where there is none there is nothing to tell.
async fn forget_earlier(tx: &mut TenantTx, (id, credential): (ReceiverId, &str)) -> Result<()> {
    let holder = store::lock(tx, id).await?.holder();
    let credential = named(holder, credential)?;
    let versions = holder.forget_earlier(tx, credential).await?;
    if versions.is_empty() {
        return Ok(());
    }
    let change = Change::from(CredentialsForgotten { credential: credential.into(), versions });
    tx.record::<ReceiverCredentialsForgotten, _>((id.uuid(), holder.node), change).await.map(drop)
}

/// The credential of this name that the receiver's channel has.
fn named(holder: Holder, credential: &str) -> Result<&'static str> {
    let mut known = holder.channel.credentials().map(|setting| setting.name);
    known.find(|known| *known == credential).ok_or(Error::NotFound("credential"))
}
