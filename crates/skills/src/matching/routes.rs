//! Trying out what would match.

use axum::{Json, extract::State};
use kernel::NodeId;
use platform::http::{Answer, Body, CanIn, Query as QueryString, Routes};
use platform::routes;
use serde::Deserialize;

use super::{
    AlertText, Matched, Query,
    dry_run::{self, DryRun, DryRunRequest},
    find,
};
use crate::{Deps, permissions::SkillsRead};

pub fn routes() -> Routes<Deps> {
    Routes::new().routes(routes!(match_alert)).routes(routes!(dry_run_skill))
}

/// Whose alert it would be.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Owner {
    /// The node that owns it; the whole organization unless given.
    node_id: Option<NodeId>,
}

/// Find the skill that matches an alert
///
/// Nothing is stored.
#[utoipa::path(post, path = "/api/v1/skills/match", operation_id = "match_alert", tag = "skills",
    params(Owner), request_body = AlertText,
    responses((status = 200, body = Matched)))]
async fn match_alert(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    QueryString(owner): QueryString<Owner>,
    Body(alert): Body<AlertText>,
) -> Answer<Json<Matched>> {
    let query = Query::new(&*deps.embedder, alert).await;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(find(&mut tx, &query, owner.node_id, deps.matching).await?))
}

/// Try a pattern or a skill on past alerts
///
/// Which of the latest 2,000 alerts of the last days would this pattern, or this skill, match?
#[utoipa::path(post, path = "/api/v1/skills/dry-run", operation_id = "dry_run_skill", tag = "skills",
    request_body = DryRunRequest,
    responses((status = 200, body = DryRun)))]
async fn dry_run_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    Body(request): Body<DryRunRequest>,
) -> Answer<Json<DryRun>> {
    Ok(Json(dry_run::dry_run(&deps, &caller, request).await?))
}
