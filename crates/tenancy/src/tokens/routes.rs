use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use chrono::{DateTime, Utc};
use kernel::{NodeId, Page, PageQuery, TokenId};
use platform::http::{Answer, Body, Can, Path, Query};
use serde::{Deserialize, Serialize};

use super::{
    actions::{self, NewToken},
    model::Owner,
    views::{self, Token},
};
use crate::{
    Deps,
    permissions::{Role, TokenScope, TokensRead, TokensWrite},
};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateToken {
    name: String,
    /// `api` unless given.
    role: Option<Role>,
    scopes: Vec<TokenScope>,
    /// The unit or team that the token counts at, with all below it, and that owns what it brings in; the whole organization
    /// unless given.
    node_id: Option<NodeId>,
    /// Never, unless given.
    expires_at: Option<DateTime<Utc>>,
    /// Whose it is. A token that only posts alerts is the organization's unless said otherwise; one that may use the API is
    /// its maker's, may never do what they may not, and ends when they leave.
    owner: Option<Owner>,
}

/// A new token, with the text that is shown this once.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreatedToken {
    /// Copy it now: it is not kept.
    token: String,
    #[serde(flatten)]
    row: Token,
}

/// List access tokens
///
/// The newest first, revoked and expired ones too.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "list_tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, body = Page<Token>)))]
pub(crate) async fn list_tokens(
    State(deps): State<Deps>,
    caller: Can<TokensRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Token>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Create an access token
///
/// Its text is in this answer and nowhere else; it may do no more than its maker.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "create_token", tag = "tokens",
    request_body = CreateToken,
    responses((status = 201, body = CreatedToken)))]
pub(crate) async fn create_token(
    State(deps): State<Deps>,
    caller: Can<TokensWrite>,
    Body(new): Body<CreateToken>,
) -> Answer<impl IntoResponse> {
    let owner = actions::owner(&caller, new.owner, &new.scopes)?;
    let new = NewToken {
        owner,
        name: new.name,
        role: new.role.unwrap_or(Role::Api),
        scopes: new.scopes,
        node: new.node_id,
        expires_at: new.expires_at,
    };
    actions::check_rights(&deps.options.access, &caller, &new)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let created = actions::create(&mut tx, &deps.app.keyring, &new).await?;
    let row = views::get(&mut tx, created.id).await?;
    tx.commit().await?;
    let body = CreatedToken { token: created.text.expose().clone(), row };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(body)))
}

/// Revoke an access token
///
/// This process refuses it at once, others within two seconds.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", operation_id = "revoke_token", tag = "tokens",
    params(("id" = TokenId, Path)),
    responses((status = 204)))]
pub(crate) async fn revoke_token(
    State(deps): State<Deps>,
    caller: Can<TokensWrite>,
    Path(id): Path<TokenId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::revoke(&mut tx, id).await?;
    tx.commit().await?;
    deps.tokens.forget();
    Ok(StatusCode::NO_CONTENT)
}
