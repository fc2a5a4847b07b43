//! A run over HTTP. Runs are started by what happens to their subject, never here; whoever knows the subject lists its runs
//! ([`crate::list`]).

use axum::{Json, extract::State};
use platform::http::{Answer, CanIn, Path, Routes};
use platform::routes;

use super::views::{self, RunDetail};
use crate::{Deps, RunId, permissions::RunsRead};

pub fn routes(deps: Deps) -> Routes {
    Routes::new().routes(routes!(get_run)).with_state(deps)
}

/// Get a run with its steps
///
/// What was done, in order: the match of a skill, each call of a tool with its arguments and result, what was
/// thought, and the conclusion with the steps that each of its claims rests on.
#[utoipa::path(get, path = "/api/v1/runs/{id}", operation_id = "get_run", tag = "runs",
    params(("id" = RunId, Path)),
    responses(
        (status = 200, body = RunDetail)
    ))]
async fn get_run(
    State(deps): State<Deps>,
    caller: CanIn<RunsRead>,
    Path(id): Path<RunId>,
) -> Answer<Json<RunDetail>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::run(&mut tx, &deps.app.keyring, id).await?))
}
