//! The endpoints of deliveries.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery};
use platform::http::{Answer, CanIn, Path, Query, Routes};
use platform::routes;

use super::{
    announce,
    views::{self, Delivery},
};
use crate::{
    DeliveryId, Deps, ReceiverId,
    permissions::{ReceiversRead, ReceiversWrite},
};

pub(crate) fn routes(deps: Deps) -> Routes {
    Routes::new().routes(routes!(list_deliveries)).routes(routes!(retry_delivery)).with_state(deps)
}

/// List what a receiver was told
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/receivers/{id}/deliveries", operation_id = "list_deliveries", tag = "receivers",
    params(("id" = ReceiverId, Path), PageQuery),
    responses((status = 200, body = Page<Delivery>)))]
async fn list_deliveries(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversRead>,
    Path(id): Path<ReceiverId>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Delivery>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, id, &page).await?))
}

/// Send a failed delivery again
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/retry", operation_id = "retry_delivery", tag = "receivers",
    params(("id" = DeliveryId, Path)),
    responses((status = 204)))]
async fn retry_delivery(
    State(deps): State<Deps>,
    caller: CanIn<ReceiversWrite>,
    Path(id): Path<DeliveryId>,
) -> Answer<StatusCode> {
    let mut tx = caller.tx(&deps.app.db).await?;
    announce::retry(&mut tx, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
