use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery, Secret, UserId};
use platform::http::{Answer, Body, Can, MembersRead, MembersWrite, Path, ProblemBody, Query};
use serde::Deserialize;

use super::{
    actions::{self, NewMember},
    model::MemberStatus,
    views::{self, Member},
};
use crate::{Deps, permissions::Role};

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddMember {
    email: String,
    name: Option<String>,
    role: Role,
    /// 12 to 128 characters. Without it the person is invited and enters by Supabase.
    #[schema(value_type = Option<String>)]
    password: Option<Secret<String>>,
}

#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMember {
    role: Option<Role>,
    status: Option<MemberStatus>,
}

/// The people of the organization, by e-mail.
#[utoipa::path(get, path = "/api/v1/members", operation_id = "list_members", tag = "members", params(PageQuery),
    responses((status = 200, body = Page<Member>),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn list_members(
    State(deps): State<Deps>,
    caller: Can<MembersRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Member>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Adds a person to the organization. With a password they can sign in at once; without one they are invited, and
/// their first Supabase sign-in with this e-mail binds the invitation to them.
#[utoipa::path(post, path = "/api/v1/members", operation_id = "add_member", tag = "members",
    request_body = AddMember,
    responses((status = 201, body = Member),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn add_member(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Body(new): Body<AddMember>,
) -> Answer<(StatusCode, Json<Member>)> {
    let new = NewMember { email: new.email, name: new.name, role: new.role, password: new.password };
    let new = new.check().await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let user = actions::add(&mut tx, &new).await?;
    let member = views::find(&mut tx, user).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(member)))
}

/// Changes a person's role or status in the organization. It counts from their next request on.
#[utoipa::path(patch, path = "/api/v1/members/{user_id}", operation_id = "update_member", tag = "members",
    params(("user_id" = UserId, Path)), request_body = UpdateMember,
    responses((status = 200, body = Member),
        (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn update_member(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(user): Path<UserId>,
    Body(update): Body<UpdateMember>,
) -> Answer<Json<Member>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::update(&mut tx, user, update.role, update.status).await?;
    let member = views::find(&mut tx, user).await?;
    tx.commit().await?;
    Ok(Json(member))
}

/// Removes a person from the organization; their sessions end at once.
#[utoipa::path(delete, path = "/api/v1/members/{user_id}", operation_id = "remove_member", tag = "members",
    params(("user_id" = UserId, Path)),
    responses((status = 204), (status = 4XX, body = ProblemBody, content_type = "application/problem+json")))]
pub(crate) async fn remove_member(
    State(deps): State<Deps>,
    caller: Can<MembersWrite>,
    Path(user): Path<UserId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::remove(&mut tx, user).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
