//! The endpoints of receivers.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Error, Page, PageQuery};
use platform::{
    http::{Answer, Body, CanIn, Editable, IfMatch, Path, Query, Routes},
    routes,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Coverage, ReceiverInput,
    actions::{self, TestResult},
    coverage,
    input::Written,
    views::{self, Receiver},
};
use crate::{
    Deps, ReceiverId,
    permissions::{ReceiversRead, ReceiversWrite},
};

pub(crate) fn routes(deps: Deps) -> Routes {
    Routes::new()
        .routes(routes!(list_receivers, create_receiver))
        .routes(routes!(get_receiver, update_receiver, delete_receiver))
        .routes(routes!(test_receiver))
        .routes(routes!(get_receiver_coverage))
        .routes(routes!(ask_receiver_again))
        .routes(routes!(confirm_receiver))
        .merge(super::versions::routes())
        .with_state(deps)
}

/// List receivers
///
/// Oldest first, with their health and without their credentials.
#[utoipa::path(get, path = "/api/v1/receivers", operation_id = "list_receivers", tag = "receivers",
    params(PageQuery),
    responses((status = 200, body = Page<Receiver>)))]
async fn list_receivers(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Receiver>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Create a receiver
///
/// Which channels there are, and which credentials each needs, is said by `list_channels`; `im_type` and `transport` choose
/// one. Credentials are sealed and never shown again.
#[utoipa::path(post, path = "/api/v1/receivers", operation_id = "create_receiver", tag = "receivers",
    request_body = Written,
    responses((status = 201, body = Receiver)))]
async fn create_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Body(input): Body<ReceiverInput>,
) -> Answer<(StatusCode, Json<Receiver>)> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let id = actions::create(&mut tx, (&deps, &caller), &input).await?;
    let receiver = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(receiver)))
}

/// Tell whether anybody is told
///
/// Of issues that name no receiver, within the next seven days: by the receivers for the whole organization that are marked default, their
/// severities and hours.
#[utoipa::path(get, path = "/api/v1/receivers/coverage", operation_id = "get_receiver_coverage", tag = "receivers",
    responses((status = 200, body = Coverage)))]
async fn get_receiver_coverage(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversRead>,
) -> Answer<Json<Coverage>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(coverage(&mut tx).await?))
}

/// Get a receiver
#[utoipa::path(get, path = "/api/v1/receivers/{id}", operation_id = "get_receiver", tag = "receivers",
    params(("id" = ReceiverId, Path)),
    responses((status = 200, body = Receiver, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn get_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversRead>,
    Path(id): Path<ReceiverId>,
) -> Answer<Editable<Receiver>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Editable(views::get(&mut tx, id).await?))
}

/// Replace a receiver
///
/// Credentials that are not given stay, as do `is_default` and `status`.
#[utoipa::path(put, path = "/api/v1/receivers/{id}", operation_id = "update_receiver", tag = "receivers",
    params(("id" = ReceiverId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that is replaced")),
    request_body = Written,
    responses((status = 200, body = Receiver, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn update_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<ReceiverId>,
    known: IfMatch,
    Body(input): Body<ReceiverInput>,
) -> Answer<Editable<Receiver>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::update(&mut tx, (&deps, &caller), id, (&known, &input)).await?;
    let receiver = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Editable(receiver))
}

/// Delete a receiver
///
/// With its credentials and its delivery log.
#[utoipa::path(delete, path = "/api/v1/receivers/{id}", operation_id = "delete_receiver", tag = "receivers",
    params(("id" = ReceiverId, Path)),
    responses((status = 204)))]
async fn delete_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<ReceiverId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mail another code to a receiver's address
///
/// The code before fits no more. One a minute and five a day go to an address.
#[utoipa::path(post, path = "/api/v1/receivers/{id}/ask", operation_id = "ask_receiver_again", tag = "receivers",
    params(("id" = ReceiverId, Path)),
    responses((status = 204)))]
async fn ask_receiver_again(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<ReceiverId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::ask_again(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code that whoever reads the mail of an address was sent.
#[derive(Deserialize, ToSchema)]
struct ConfirmationCode {
    /// In any case; spaces and dashes are left out.
    code: String,
}

/// Confirm a receiver's address
///
/// With the code that was mailed there. It fits for a day, and no more after five wrong ones.
#[utoipa::path(post, path = "/api/v1/receivers/{id}/confirm", operation_id = "confirm_receiver", tag = "receivers",
    params(("id" = ReceiverId, Path)),
    request_body = ConfirmationCode,
    responses((status = 200, body = Receiver)))]
async fn confirm_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<ReceiverId>,
    Body(given): Body<ConfirmationCode>,
) -> Answer<Json<Receiver>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let fits = actions::confirm(&mut tx, &deps, (id, &given.code)).await?;
    let receiver = views::get(&mut tx, id).await?;
    tx.commit().await?;
    if fits {
        return Ok(Json(receiver));
    }
    let detail = "this is not the code that was mailed last, or it is over: ask for another";
    Err(Error::field("invalid_confirmation_code", "code", detail).into())
}

/// Send a test message
///
/// Now; the answer says what the platform answered.
#[utoipa::path(post, path = "/api/v1/receivers/{id}/test", operation_id = "test_receiver", tag = "receivers",
    params(("id" = ReceiverId, Path)),
    responses((status = 200, body = TestResult)))]
async fn test_receiver(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<ReceiverId>,
) -> Answer<Json<TestResult>> {
    Ok(Json(actions::test(&deps, &caller, id).await?))
}
