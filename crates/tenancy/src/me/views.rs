use kernel::{OrgId, Result, TokenId, UserId};
use platform::{App, db::Actor, http::Caller};
use serde::Serialize;

use crate::{members::model::Place, organizations};

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
    pub role: String,
    /// What the caller may do, such as `alerts:read`.
    #[schema(value_type = Vec<String>)]
    pub permissions: Vec<&'static str>,
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
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MyToken {
    pub id: TokenId,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MyOrganization {
    pub id: OrgId,
    pub slug: String,
    pub name: String,
}

pub(crate) async fn me(app: &App, caller: &Caller) -> Result<Me> {
    let mut tx = caller.tx(&app.db).await?;
    let here = organizations::store::find(&mut tx).await?;
    tx.commit().await?;
    let here = MyOrganization { id: here.id, slug: here.slug, name: here.name };
    let (user, token, organizations) = match &caller.actor {
        Actor::User { id, .. } => {
            let (user, organizations) = person(app, *id).await?;
            (user, None, organizations)
        }
        Actor::Token { id, name } => {
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
        csrf_token: caller.csrf_token.clone(),
        organizations,
    })
}

/// A person and where they may enter.
async fn person(app: &App, id: UserId) -> Result<(Option<MyUser>, Vec<MyOrganization>)> {
    let mut tx = app.db.system("a person has places in several organizations").await?;
    let user = sqlx::query_as("select id, email, name, avatar_url from users where id = $1")
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
    let places = crate::members::store::places(tx.conn(), id).await?;
    tx.commit().await?;
    let open = places.into_iter().filter(|place: &Place| place.check().is_ok());
    let organizations =
        open.map(|place| MyOrganization { id: place.org_id, slug: place.slug, name: place.name });
    Ok((user, organizations.collect()))
}
