//! `/api/v1/skills`.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Page, PageQuery};
use platform::http::{Answer, Body, CanIn, Editable, IfMatch, Path, Query, Routes};
use platform::routes;
use serde::{Deserialize, Serialize};

use super::{
    actions,
    model::SkillInput,
    views::{self, Skill, SkillFilter, SkillRow, StepOutline},
};
use crate::{
    Deps, SkillId,
    permissions::{SkillsRead, SkillsWrite},
    sop::{self, SopError, Verdict},
};

pub fn routes() -> Routes<Deps> {
    Routes::new().routes(routes!(list_skills, create_skill)).routes(routes!(check_sop)).routes(routes!(
        get_skill,
        update_skill,
        delete_skill
    ))
}

/// An SOP to check.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SopText {
    /// Markdown.
    sop: String,
}

/// What the server makes of an SOP.
#[derive(Serialize, utoipa::ToSchema)]
struct SopCheck {
    ok: bool,
    errors: Vec<SopError>,
    steps: Vec<StepOutline>,
    rules: Vec<RuleOutline>,
}

/// A rule of an SOP.
#[derive(Serialize, utoipa::ToSchema)]
struct RuleOutline {
    /// From 1.
    line: usize,
    verdict: Verdict,
}

/// List skills
///
/// By name.
#[utoipa::path(get, path = "/api/v1/skills", operation_id = "list_skills", tag = "skills",
    params(SkillFilter, PageQuery),
    responses((status = 200, body = Page<SkillRow>)))]
async fn list_skills(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    Query(filter): Query<SkillFilter>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<SkillRow>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &filter, &page).await?))
}

/// Create a skill
///
/// Its SOP is checked: `invalid_sop` names every line that is wrong.
#[utoipa::path(post, path = "/api/v1/skills", operation_id = "create_skill", tag = "skills",
    request_body = SkillInput,
    responses((status = 201, body = Skill)))]
async fn create_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Body(input): Body<SkillInput>,
) -> Answer<(StatusCode, Json<Skill>)> {
    let id = actions::create(&deps, &caller, input).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok((StatusCode::CREATED, Json(views::get(&mut tx, id).await?)))
}

/// Get a skill
#[utoipa::path(get, path = "/api/v1/skills/{id}", operation_id = "get_skill", tag = "skills",
    params(("id" = SkillId, Path)),
    responses((status = 200, body = Skill, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn get_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsRead>,
    Path(id): Path<SkillId>,
) -> Answer<Editable<Skill>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Editable(views::get(&mut tx, id).await?))
}

/// Replace a skill
#[utoipa::path(put, path = "/api/v1/skills/{id}", operation_id = "update_skill", tag = "skills",
    params(("id" = SkillId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that is replaced")),
    request_body = SkillInput,
    responses((status = 200, body = Skill, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn update_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Path(id): Path<SkillId>,
    known: IfMatch,
    Body(input): Body<SkillInput>,
) -> Answer<Editable<Skill>> {
    actions::update(&deps, &caller, id, &known, input).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Editable(views::get(&mut tx, id).await?))
}

/// Delete a skill
///
/// With the bindings to it. Runs that followed it stay.
#[utoipa::path(delete, path = "/api/v1/skills/{id}", operation_id = "delete_skill", tag = "skills",
    params(("id" = SkillId, Path)),
    responses((status = 204)))]
async fn delete_skill(
    State(deps): State<Deps>,
    caller: CanIn<SkillsWrite>,
    Path(id): Path<SkillId>,
) -> Answer<StatusCode> {
    actions::delete(&deps, caller.scope(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Check an SOP without saving it
#[utoipa::path(post, path = "/api/v1/skills/check", operation_id = "check_sop", tag = "skills",
    request_body = SopText,
    responses((status = 200, body = SopCheck)))]
async fn check_sop(_: CanIn<SkillsRead>, Body(text): Body<SopText>) -> Json<SopCheck> {
    let (sop, errors) = match sop::parse(&text.sop) {
        Ok(sop) => (sop, Vec::new()),
        Err(errors) => (sop::Sop::default(), errors),
    };
    let rules = sop.rules.iter().map(|rule| RuleOutline { line: rule.line, verdict: rule.verdict }).collect();
    Json(SopCheck { ok: errors.is_empty(), errors, steps: views::outline(&sop.steps), rules })
}
