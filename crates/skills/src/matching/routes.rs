//! Trying out what would match.

use axum::{Json, extract::State};
use kernel::NodeId;
use platform::http::{Answer, Body, CanIn, ProblemBody, Query as QueryString, SkillsRead};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AlertText, Matched, Query,
    dry_run::{self, DryRun, DryRunRequest},
    find,
};
use crate::Deps;

pub fn routes() -> OpenApiRouter<Deps> {
    OpenApiRouter::new().routes(routes!(match_alert)).routes(routes!(dry_run_skill))
}

/// Whose alert it would be.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Owner {
    /// The node that owns it; the whole organization unless given.
    node_id: Option<NodeId>,
}

/// Which skill would match this alert? Nothing is stored.
#[utoipa::path(post, path = "/api/v1/skills/match", operation_id = "match_alert", tag = "skills",
    params(Owner), request_body = AlertText,
    responses((status = 200, body = Matched),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
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

/// Which past alerts would this pattern, or this skill, match? Looks at the latest 2,000 alerts of the last days.
#[utoipa::path(post, path = "/api/v1/skills/dry-run", operation_id = "dry_run_skill", tag = "skills",
    request_body = DryRunRequest,
    responses((status = 200, body = DryRun),
        (status = "4XX", body = ProblemBody, content_type = "application/problem+json")))]
async fn dry_run_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    Body(request): Body<DryRunRequest>,
) -> Answer<Json<DryRun>> {
    Ok(Json(dry_run::dry_run(&deps, &caller, request).await?))
}
