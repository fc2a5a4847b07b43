//! The endpoint of channels: what a form of a receiver can offer.

use axum::Json;
use kernel::Page;
use platform::{
    http::{Answer, CanIn, Routes},
    routes,
};

use super::{CHANNELS, Descriptor};
use crate::{Deps, permissions::ReceiversRead};

pub(crate) fn routes(deps: Deps) -> Routes {
    Routes::new().routes(routes!(list_channels)).with_state(deps)
}

/// List channels
///
/// How each is addressed, what a receiver of it needs, and what it can do. All are on one page.
#[utoipa::path(get, path = "/api/v1/receivers/channels", operation_id = "list_channels", tag = "receivers",
    responses((status = 200, body = Page<Descriptor>)))]
async fn list_channels(_: CanIn<ReceiversRead>) -> Answer<Json<Page<&'static Descriptor>>> {
    Ok(Json(Page { items: CHANNELS.to_vec(), next_cursor: None }))
}
