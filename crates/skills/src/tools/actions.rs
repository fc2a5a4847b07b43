//! Creating, changing and deleting tools.

use chrono::{DateTime, Utc};
use kernel::{NodeId, Result};
use platform::{
    db::{Scope, TenantTx},
    http::{Caller, IfMatch, Permission},
    record::{Change, EventKind},
};

use super::{
    model::ToolInput,
    store::{self, RunnableTool, ToolRecord},
};
use crate::{
    Deps, ToolId,
    events::{ToolCreated, ToolDeleted, ToolSummary, ToolTested, ToolUpdated},
    permissions::ToolsWrite,
    skills::Status,
};

/// Creates a tool; `invalid_tool` or `tool_name_taken` when it cannot be, `forbidden` when it is given secrets that the
/// caller may not set.
pub async fn create(deps: &Deps, caller: &Caller, input: ToolInput) -> Result<ToolId> {
    input.check(deps.toolbox.sandbox(), caller.org).await?.allow(caller)?;
    let mut tx = caller.tx(&deps.app.db).await?;
    let node_id = caller.owner(&mut tx, ToolsWrite::NAME, input.node_id).await?;
    let tool = record_of(ToolId::new(tx.now()), input, Status::default(), node_id, tx.now());
    store::insert(&mut tx, &tool).await?;
    record::<ToolCreated>(&mut tx, &tool, Change::to(summary(&tool))).await?;
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
        record::<ToolUpdated>(&mut tx, &after, Change::between(summary(&before), summary(&after))).await?;
    }
    tx.commit().await
}

pub async fn delete(deps: &Deps, scope: Scope, id: ToolId) -> Result<()> {
    let mut tx = deps.app.db.tenant(scope).await?;
    let tool = store::lock(&mut tx, id).await?;
    store::delete(&mut tx, id).await?;
    record::<ToolDeleted>(&mut tx, &tool, Change::from(summary(&tool))).await?;
    tx.commit().await
}

/// Records that somebody tried the tool out; its arguments may be anything and are not kept.
pub async fn record_test(tx: &mut TenantTx, tool: &RunnableTool) -> Result<()> {
    tx.record::<ToolTested, _>((tool.id.uuid(), tool.node_id), Change::done()).await.map(drop)
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

fn summary(tool: &ToolRecord) -> ToolSummary {
    let mut config = tool.config.clone();
    if let Some(config) = config.as_object_mut() {
        config.remove("code");
    }
    ToolSummary {
        name: tool.name.clone(),
        description: tool.description.clone(),
        kind: tool.kind,
        config,
        status: tool.status,
        node_id: tool.node_id,
    }
}

async fn record<E: EventKind<Payload = Change<ToolSummary>>>(
    tx: &mut TenantTx,
    tool: &ToolRecord,
    change: Change<ToolSummary>,
) -> Result<()> {
    tx.record::<E, _>((tool.id.uuid(), tool.node_id), change).await.map(drop)
}
