//! `/api/v1/tools`.

use axum::{Json, extract::State, http::StatusCode};
use kernel::{Error, Page, PageQuery};
use platform::http::{Answer, Body, CanIn, Editable, IfMatch, Path, Query, Routes};
use platform::routes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    actions,
    call::{self, ToolOutcome},
    mcp::McpTool,
    model::{Config, ToolInput, ToolKind},
    store,
    views::{self, Tool},
};
use crate::{
    Deps, ToolId,
    permissions::{ToolsRead, ToolsRun, ToolsWrite},
};

pub fn routes() -> Routes<Deps> {
    Routes::new()
        .routes(routes!(list_tools, create_tool))
        .routes(routes!(get_tool, update_tool, delete_tool))
        .routes(routes!(run_tool))
        .routes(routes!(list_mcp_tools))
}

/// What to call a tool with.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ToolArguments {
    #[serde(default)]
    #[schema(value_type = Object)]
    arguments: Map<String, Value>,
}

/// What came of a test run.
#[derive(Serialize, utoipa::ToSchema)]
struct ToolRun {
    ok: bool,
    #[schema(required)]
    result: Option<Value>,
    #[schema(required)]
    error: Option<String>,
    duration_ms: i64,
    /// The result was too long and was cut.
    truncated: bool,
    logs: Vec<String>,
}

/// The server of an MCP tool.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct McpServer {
    /// As in a tool's configuration, without the tool.
    config: Value,
}

/// What an MCP server offers.
#[derive(Serialize, utoipa::ToSchema)]
struct McpTools {
    tools: Vec<McpTool>,
}

impl From<ToolOutcome> for ToolRun {
    fn from(outcome: ToolOutcome) -> Self {
        let ToolOutcome { result, logs, duration_ms, truncated } = outcome;
        let (ok, result, error) = match result {
            Ok(result) => (true, Some(result), None),
            Err(error) => (false, None, Some(error)),
        };
        Self { ok, result, error, duration_ms, truncated, logs }
    }
}

/// List tools
///
/// By name.
#[utoipa::path(get, path = "/api/v1/tools", operation_id = "list_tools", tag = "tools",
    params(PageQuery),
    responses((status = 200, body = Page<Tool>)))]
async fn list_tools(
    State(deps): State<Deps>,
    caller: CanIn<ToolsRead>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<Tool>>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Json(views::list(&mut tx, &page).await?))
}

/// Create a tool
#[utoipa::path(post, path = "/api/v1/tools", operation_id = "create_tool", tag = "tools",
    request_body = ToolInput,
    responses((status = 201, body = Tool)))]
async fn create_tool(
    State(deps): State<Deps>,
    caller: CanIn<ToolsWrite>,
    Body(input): Body<ToolInput>,
) -> Answer<(StatusCode, Json<Tool>)> {
    let id = actions::create(&deps, &caller, input).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok((StatusCode::CREATED, Json(views::get(&mut tx, id).await?)))
}

/// Get a tool
#[utoipa::path(get, path = "/api/v1/tools/{id}", operation_id = "get_tool", tag = "tools",
    params(("id" = ToolId, Path)),
    responses((status = 200, body = Tool, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn get_tool(
    State(deps): State<Deps>,
    caller: CanIn<ToolsRead>,
    Path(id): Path<ToolId>,
) -> Answer<Editable<Tool>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Editable(views::get(&mut tx, id).await?))
}

/// Replace a tool
#[utoipa::path(put, path = "/api/v1/tools/{id}", operation_id = "update_tool", tag = "tools",
    params(("id" = ToolId, Path),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that is replaced")),
    request_body = ToolInput,
    responses((status = 200, body = Tool, headers(("ETag" = String, description = "This state of it, for If-Match")))))]
async fn update_tool(
    State(deps): State<Deps>,
    caller: CanIn<ToolsWrite>,
    Path(id): Path<ToolId>,
    known: IfMatch,
    Body(input): Body<ToolInput>,
) -> Answer<Editable<Tool>> {
    actions::update(&deps, &caller, id, &known, input).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    Ok(Editable(views::get(&mut tx, id).await?))
}

/// Delete a tool
///
/// Steps of SOPs that call it fail from then on.
#[utoipa::path(delete, path = "/api/v1/tools/{id}", operation_id = "delete_tool", tag = "tools",
    params(("id" = ToolId, Path)),
    responses((status = 204)))]
async fn delete_tool(
    State(deps): State<Deps>,
    caller: CanIn<ToolsWrite>,
    Path(id): Path<ToolId>,
) -> Answer<StatusCode> {
    actions::delete(&deps, caller.scope(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Call a tool to see whether it works
///
/// A tool that fails is an answer, too: `ok` is false and `error` says why.
#[utoipa::path(post, path = "/api/v1/tools/{id}/run", operation_id = "run_tool", tag = "tools",
    params(("id" = ToolId, Path)), request_body = ToolArguments,
    responses((status = 200, body = ToolRun)))]
async fn run_tool(
    State(deps): State<Deps>,
    caller: CanIn<ToolsRun>,
    Path(id): Path<ToolId>,
    Body(given): Body<ToolArguments>,
) -> Answer<Json<ToolRun>> {
    let mut tx = caller.tx(&deps.app.db).await?;
    let tool = store::get(&mut tx, id).await?;
    let prepared = call::prepare(&mut tx, &deps.app.keyring, &tool).await?;
    actions::record_test(&mut tx, &tool).await?;
    tx.commit().await?;
    Ok(Json(deps.toolbox.call(prepared, given.arguments).await.into()))
}

/// List the tools that an MCP server offers
///
/// `mcp_failed` when it cannot be asked.
#[utoipa::path(post, path = "/api/v1/tools/mcp/list", operation_id = "list_mcp_tools", tag = "tools",
    request_body = McpServer,
    responses((status = 200, body = McpTools)))]
async fn list_mcp_tools(
    State(deps): State<Deps>,
    caller: CanIn<ToolsWrite>,
    Body(asked): Body<McpServer>,
) -> Answer<Json<McpTools>> {
    let invalid = |detail: String| Error::field("invalid_tool", "/config", detail);
    let failed = |detail: String| Error::field("mcp_failed", "/config", detail);
    let config = Config::parse(ToolKind::Mcp, &asked.config).map_err(invalid)?;
    config.allow(&caller)?;
    let Config::Mcp(config) = config else {
        return Err(invalid("is not that of an MCP server".into()).into());
    };
    let mut tx = caller.tx(&deps.app.db).await?;
    let (server, redactor) = call::server(&mut tx, &deps.app.keyring, &config).await?.map_err(failed)?;
    tx.commit().await?;
    let tools = deps.toolbox.list(&server).await.map_err(|error| failed(redactor.text(&error)))?;
    Ok(Json(McpTools { tools }))
}
