//! Alerts over HTTP.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Code, Error, Page, PageQuery, Result, UserId};
use platform::routes;
use platform::{
    db::Scope,
    http::{Answer, Body, CanIn, Path, Permission, Query, Routes},
};
use serde::{Deserialize, Serialize};

use super::{
    actions::{self, Order},
    model::Decision,
    views::{self, AlertDetail, AlertRow, Facets, Filter},
};
use crate::{
    AlertId, Deps,
    issues::{self, IssueDetail},
    permissions::{AlertsRead, AlertsWrite, IssuesWrite},
    text_enum::text_enum,
};

/// The most alerts that one bulk request may name.
const MOST_IN_BULK: usize = 500;

pub fn routes(deps: Deps) -> Routes {
    Routes::new()
        .routes(routes!(list_alerts))
        .routes(routes!(count_alerts))
        .routes(routes!(change_alerts))
        .routes(routes!(get_alert))
        .routes(routes!(assign_alert))
        .routes(routes!(resolve_alert))
        .routes(routes!(mark_alert_false_positive))
        .routes(routes!(ignore_alert))
        .routes(routes!(reopen_alert))
        .routes(routes!(investigate_alert))
        .with_state(deps)
}

/// List alerts
///
/// Newest first.
#[utoipa::path(get, path = "/api/v1/alerts", operation_id = "list_alerts", tag = "alerts", params(Filter, PageQuery),
    responses((status = 200, body = Page<AlertRow>)))]
async fn list_alerts(
    State(deps): State<Deps>,
    caller: CanIn<AlertsRead>,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<AlertRow>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &filter, &page).await?))
}

/// Count alerts by status, severity and source
///
/// Takes the filters of the list.
#[utoipa::path(get, path = "/api/v1/alerts/facets", operation_id = "count_alerts", tag = "alerts", params(Filter),
    responses((status = 200, body = Facets)))]
async fn count_alerts(
    State(deps): State<Deps>,
    caller: CanIn<AlertsRead>,
    Query(filter): Query<Filter>,
) -> Answer<Json<Facets>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::facets(&mut tx, &filter).await?))
}

/// Get an alert
///
/// With its raw payload and the issues that it belongs or belonged to.
#[utoipa::path(get, path = "/api/v1/alerts/{id}", operation_id = "get_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = AlertDetail)))]
async fn get_alert(
    State(deps): State<Deps>,
    caller: CanIn<AlertsRead>,
    Path(id): Path<AlertId>,
) -> Answer<Json<AlertDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::get(&mut tx, id).await?))
}

/// Whose work it is.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// An active member; null takes it from whoever has it.
    pub user_id: Option<UserId>,
}

/// Why.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Up to 1,000 characters, kept in the audit log.
    pub reason: Option<String>,
}

impl Reason {
    /// # Errors
    /// 422 `invalid_body` when it is too long.
    pub fn checked(&self) -> Result<Option<&str>> {
        match self.reason.as_deref() {
            Some(reason) if reason.chars().count() > 1_000 => {
                Err(Error::field("invalid_body", "/reason", "may have 1,000 characters"))
            }
            reason => Ok(reason),
        }
    }
}

/// Assign an alert
#[utoipa::path(post, path = "/api/v1/alerts/{id}/assign", operation_id = "assign_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)), request_body = Assignment,
    responses((status = 200, body = AlertDetail)))]
async fn assign_alert(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Path(id): Path<AlertId>,
    Body(assignment): Body<Assignment>,
) -> Answer<Json<AlertDetail>> {
    one(&deps, &caller, id, Order::Assign(assignment.user_id)).await
}

/// Resolve an alert
///
/// The next notification of its fingerprint opens a new alert.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/resolve", operation_id = "resolve_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = AlertDetail)))]
async fn resolve_alert(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Path(id): Path<AlertId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<AlertDetail>> {
    one(&deps, &caller, id, Order::Decide(Decision::Resolve, reason.checked()?)).await
}

/// Mark an alert as a false positive
///
/// It stays quiet until its source resolves it.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/false-positive", operation_id = "mark_alert_false_positive", tag = "alerts",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = AlertDetail)))]
async fn mark_alert_false_positive(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Path(id): Path<AlertId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<AlertDetail>> {
    one(&deps, &caller, id, Order::Decide(Decision::FalsePositive, reason.checked()?)).await
}

/// Ignore an alert
///
/// It stays quiet until its source resolves it.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/ignore", operation_id = "ignore_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = AlertDetail)))]
async fn ignore_alert(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Path(id): Path<AlertId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<AlertDetail>> {
    one(&deps, &caller, id, Order::Decide(Decision::Ignore, reason.checked()?)).await
}

/// Reopen a closed alert
#[utoipa::path(post, path = "/api/v1/alerts/{id}/reopen", operation_id = "reopen_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)), request_body = Reason,
    responses((status = 200, body = AlertDetail)))]
async fn reopen_alert(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Path(id): Path<AlertId>,
    Body(reason): Body<Reason>,
) -> Answer<Json<AlertDetail>> {
    one(&deps, &caller, id, Order::Decide(Decision::Reopen, reason.checked()?)).await
}

async fn one(
    deps: &Deps,
    caller: &CanIn<AlertsWrite>,
    id: AlertId,
    order: Order<'_>,
) -> Answer<Json<AlertDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::carry_out(&mut tx, id, order).await?;
    tx.narrow().await?;
    let alert = views::get(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(alert))
}

/// Investigate an alert
///
/// Opens an issue for an alert that has no open one, or puts it into the open issue of its group.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/investigate", operation_id = "investigate_alert", tag = "alerts",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 201, body = IssueDetail)))]
async fn investigate_alert(
    State(deps): State<Deps>,
    caller: CanIn<IssuesWrite>,
    Path(id): Path<AlertId>,
) -> Answer<(StatusCode, Json<IssueDetail>)> {
    let mut tx = caller.tx(&deps.app.db).await?;
    actions::carry_out(&mut tx, id, Order::Investigate).await?;
    tx.narrow().await?;
    let issue = views::get(&mut tx, id).await?.row.issue_id.ok_or(Error::NotFound("issue"))?;
    let issue = issues::views::get(&mut tx, issue).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(issue)))
}

text_enum! {
    /// What to do with each of several alerts.
    #[schema(as = AlertsBulkAction)]
    pub enum BulkAction {
        Assign = "assign",
        Resolve = "resolve",
        FalsePositive = "false_positive",
        Ignore = "ignore",
        Reopen = "reopen",
        Investigate = "investigate",
    }
}

/// One change for many alerts.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertsBulk)]
struct Bulk {
    /// Up to 500.
    ids: Vec<AlertId>,
    action: BulkAction,
    /// For `assign`.
    user_id: Option<UserId>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AlertsBulkAnswer)]
struct BulkAnswer {
    /// One for each id, in the order of the request.
    results: Vec<BulkResult>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = AlertsBulkResult)]
struct BulkResult {
    id: AlertId,
    ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Change many alerts
///
/// Each alert that allows it is changed; the others say why not.
#[utoipa::path(post, path = "/api/v1/alerts/bulk", operation_id = "change_alerts", tag = "alerts", request_body = Bulk,
    responses((status = 200, body = BulkAnswer)))]
async fn change_alerts(
    State(deps): State<Deps>,
    caller: CanIn<AlertsWrite>,
    Body(bulk): Body<Bulk>,
) -> Answer<Json<BulkAnswer>> {
    if bulk.ids.len() > MOST_IN_BULK {
        return Err(Error::field("invalid_body", "/ids", "may name 500 alerts").into());
    }
    let reason = Reason { reason: bulk.reason };
    let decide = |decision| Ok::<_, Error>(Order::Decide(decision, reason.checked()?));
    let order = match bulk.action {
        BulkAction::Assign => Order::Assign(bulk.user_id),
        BulkAction::Resolve => decide(Decision::Resolve)?,
        BulkAction::FalsePositive => decide(Decision::FalsePositive)?,
        BulkAction::Ignore => decide(Decision::Ignore)?,
        BulkAction::Reopen => decide(Decision::Reopen)?,
        BulkAction::Investigate if !caller.may_somewhere(IssuesWrite::NAME) => {
            return Err(Error::Forbidden {
                code: Code("forbidden"),
                detail: "this needs issues:write".into(),
            }
            .into());
        }
        BulkAction::Investigate => Order::Investigate,
    };
    // It opens issues, so it reaches where those may be opened, as the investigation of one alert does.
    let reach = match bulk.action {
        BulkAction::Investigate => caller.reach_of(IssuesWrite::NAME),
        _ => caller.reach.clone(),
    };
    let mut tx = deps.app.db.tenant(Scope { reach, ..caller.scope() }).await?;
    let results = actions::carry_out_all(&mut tx, &bulk.ids, order).await?;
    tx.commit().await?;
    let result = |(id, result): (AlertId, Result<()>)| match result {
        Ok(()) => BulkResult { id, ok: true, code: None, detail: None },
        Err(error) => BulkResult {
            id,
            ok: false,
            code: Some(error.code().to_string()),
            detail: Some(error.to_string()),
        },
    };
    Ok(Json(BulkAnswer { results: results.into_iter().map(result).collect() }))
}
