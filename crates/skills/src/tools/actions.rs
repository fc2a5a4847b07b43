//! Creating, changing and deleting tools.

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result, ToolId};
use platform::{
    db::{Scope, TenantTx},
    http::{Caller, IfMatch, Permission, ToolsWrite},
    record::{Change, Subject},
};
use serde_json::{Value, json};

use super::{
    model::ToolInput,
    store::{self, RunnableTool, ToolRecord},
};
use crate::{Deps, skills::Status};

/// Creates a tool; `invalid_tool` or `tool_name_taken` when it cannot be, `forbidden` when it is given secrets that the
/// caller may not set.
pub async fn create(deps: &Deps, caller: &Caller, input: ToolInput) -> Result<ToolId> {
    input.check(deps.toolbox.sandbox(), caller.org).await?.allow(caller)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let node_id = caller.owner(&mut tx, ToolsWrite::NAME, input.node_id).await?;
    let tool = record_of(ToolId::new(tx.now()), input, Status::default(), node_id, tx.now());
    store::insert(&mut tx, &tool).await?;
    record(&mut tx, "tool.created.v1", &tool, None, Some(summary(&tool))).await?;
    tx.commit().await?;
    Ok(tool.id)
}

/// Replaces a tool; `changed_meanwhile` when it is not what the client knows, `forbidden` as for [`create`] when it is to do
/// something else.
pub async fn update(
    deps: &Deps,
    caller: &Caller,
    id: ToolId,
    known: &IfMatch,
    input: ToolInput,
) -> Result<()> {
    let config = input.check(deps.toolbox.sandbox(), caller.org).await?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let before = store::lock(&mut tx, id).await?;
    known.check(before.updated_at)?;
    if (before.kind, &before.config) != (input.kind, &input.config) {
        config.allow(caller)?;
    }
    let node_id = match input.node_id {
        None => before.node_id,
        asked => caller.owner(&mut tx, ToolsWrite::NAME, asked).await?,
    };
    let after = record_of(id, input, before.status, node_id, before.updated_at);
    if after != before {
        store::update(&mut tx, &after).await?;
        record(&mut tx, "tool.updated.v1", &after, Some(summary(&before)), Some(summary(&after))).await?;
    }
    tx.commit().await
}

pub async fn delete(deps: &Deps, scope: Scope, id: ToolId) -> Result<()> {
    let mut tx = deps.app.db.tenant(scope).await?;
    let tool = store::lock(&mut tx, id).await?;
    store::delete(&mut tx, id).await?;
    record(&mut tx, "tool.deleted.v1", &tool, Some(summary(&tool)), None).await?;
    tx.commit().await
}

/// Records that somebody tried the tool out; its arguments may be anything and are not kept.
pub async fn record_test(tx: &mut TenantTx, tool: &RunnableTool) -> Result<()> {
    let subject = Subject::new("tool", tool.id.uuid()).owned_by(tool.node_id);
    tx.record(Change { kind: "tool.tested.v1", subject, before: None, after: None, reason: None })
        .await
        .map(drop)
}

/// The tool that the input describes; of its status only when the input says so.
fn record_of(
    id: ToolId,
    input: ToolInput,
    status: Status,
    node_id: Option<NodeId>,
    updated_at: DateTime<Utc>,
) -> ToolRecord {
    let input_schema = input.schema();
    let status = input.status.unwrap_or(status);
    let ToolInput { name, description, kind, config, .. } = input;
    ToolRecord { id, name, description, kind, config, input_schema, status, node_id, updated_at }
}

/// What the record keeps. Code may be long, and people put things into it that they should not.
fn summary(tool: &ToolRecord) -> Value {
    let mut config = tool.config.clone();
    if let Some(config) = config.as_object_mut() {
        config.remove("code");
    }
    json!({
        "name": tool.name,
        "description": tool.description,
        "type": tool.kind,
        "config": config,
        "status": tool.status,
        "node_id": tool.node_id,
    })
}

async fn record(
    tx: &mut TenantTx,
    kind: &'static str,
    tool: &ToolRecord,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<()> {
    let subject = Subject::new("tool", tool.id.uuid()).owned_by(tool.node_id);
    tx.record(Change { kind, subject, before, after, reason: None }).await.map(drop)
}
