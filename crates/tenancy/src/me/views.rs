use std::collections::HashMap;

use kernel::{NodeId, OrgId, Result, TokenId, UserId};
use platform::{
    App,
    db::{Actor, TenantTx},
    http::Caller,
};
use serde::Serialize;

use crate::{members::model::Place, nodes, organizations};

/// The caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// None for a token.
    #[schema(required = true)]
    pub user: Option<MyUser>,
    /// None for a person.
    #[schema(required = true)]
    pub token: Option<MyToken>,
    pub organization: MyOrganization,
    /// In the organization; none for somebody who acts in some of its nodes only.
    #[schema(required = true)]
    pub role: Option<String>,
    /// What the caller may do in the whole organization, such as `alerts:read`.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
    /// What the caller may do at nodes of the tree and below them, beside that.
    pub nodes: Vec<MyNode>,
    /// To be sent as `X-CSRF-Token` with everything but GET; none without a session.
    #[schema(required = true)]
    pub csrf_token: Option<String>,
    /// Where the caller may enter.
    pub organizations: Vec<MyOrganization>,
}

#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct MyUser {
    pub id: UserId,
    pub email: String,
    #[schema(required = true)]
    pub name: Option<String>,
    #[schema(required = true)]
    pub avatar_url: Option<String>,
    /// Whether the address is proved. An account whose address is not works in one organization only.
    pub email_verified: bool,
    /// Whether the person signs in with a password of their own.
    pub has_password: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyToken {
    pub id: TokenId,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyNode {
    pub id: NodeId,
    pub name: String,
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MyOrganization {
    pub id: OrgId,
    pub slug: String,
    pub name: String,
}

pub(crate) async fn me(app: &App, caller: &Caller) -> Result<Me> {
    let mut tx = caller.tx(&app.db).await?;
    let here = organizations::store::get(&mut tx).await?;
    let nodes = my_nodes(&mut tx, caller).await?;
    tx.commit().await?;
    let here = MyOrganization { id: here.id, slug: here.slug, name: here.name };
    let (user, token, organizations) = match &caller.actor {
        Actor::User { id, .. } => {
            let (user, organizations) = person(app, *id).await?;
            (user, None, organizations)
        }
        Actor::Token { id, name, .. } => {
            (None, Some(MyToken { id: *id, name: name.clone() }), vec![here.clone()])
        }
        Actor::System { .. } => (None, None, vec![here.clone()]),
    };
    Ok(Me {
        user,
        token,
        organization: here,
        role: caller.role.clone(),
        permissions: caller.permissions.iter().copied().collect(),
        nodes,
        csrf_token: caller.csrf_token.clone(),
        organizations,
    })
}

async fn my_nodes(tx: &mut TenantTx, caller: &Caller) -> Result<Vec<MyNode>> {
    if caller.nodes.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashMap<NodeId, String> =
        nodes::store::list(tx).await?.into_iter().map(|node| (node.id, node.name)).collect();
    let mine = caller.nodes.iter().map(|at| MyNode {
        id: at.node,
        name: names.get(&at.node).cloned().unwrap_or_default(),
        permissions: at.permissions.iter().copied().collect(),
    });
    Ok(mine.collect())
}

/// The slug of the organization that the caller works in.
pub(crate) async fn slug_of(app: &App, caller: &Caller) -> Result<String> {
    let mut tx = caller.tx(&app.db).await?;
    Ok(organizations::store::get(&mut tx).await?.slug)
}

/// A person and where they may enter.
async fn person(app: &App, id: UserId) -> Result<(Option<MyUser>, Vec<MyOrganization>)> {
    let mut tx = app.db.system("a person has places in several organizations").await?;
    let query = "select id, email, name, avatar_url, email_verified_at is not null as email_verified,
            password_hash is not null as has_password
        from users where id = $1";
    let user = sqlx::query_as(query).bind(id).fetch_optional(tx.conn()).await?;
    let places = crate::members::store::places(tx.conn(), id).await?;
    tx.commit().await?;
    let open = places.into_iter().filter(|place: &Place| place.check().is_ok());
    let organizations =
        open.map(|place| MyOrganization { id: place.org_id, slug: place.slug, name: place.name });
    Ok((user, organizations.collect()))
}
