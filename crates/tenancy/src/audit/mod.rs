//! Who did what, as people read it. Every domain writes it with `TenantTx::record`; nobody can change it.

#[cfg(test)]
mod tests;
mod views;

use axum::{Json, extract::State};
use kernel::{Page, PageQuery};
use platform::http::{Answer, AuditRead, CanIn, Query};

use self::views::{AuditFilter, AuditLine};
use crate::Deps;

/// List the audit log
///
/// The newest first.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_audit_log", tag = "audit",
    params(AuditFilter, PageQuery),
    responses((status = 200, body = Page<AuditLine>)))]
pub(crate) async fn list_audit_log(
    State(deps): State<Deps>,
    caller: CanIn<AuditRead>,
    Query(filter): Query<AuditFilter>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<AuditLine>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &filter, &page).await?))
}
