//! An issue was opened, or is to be looked into again: a run starts, and its conclusion will count.

use alerts::{
    IssueId,
    events::{IssueOpened, IssueReprocessRequested},
    issues,
};
use kernel::{NodeId, UserId};
use platform::{
    App,
    jobs::{Handled, JobContext, Outcome},
    record::Happened,
};
use runs::NewRun;

use crate::process::domains::Domains;

pub async fn opened(domains: Domains, event: Happened<IssueOpened>, job: JobContext) -> Handled {
    Ok(start(&domains.runs.app, event.payload.issue_id, (event.node_id, None), &job).await?)
}

pub async fn requested(
    domains: Domains,
    event: Happened<IssueReprocessRequested>,
    job: JobContext,
) -> Handled {
    let by = event.payload.requested_by;
    Ok(start(&domains.runs.app, event.payload.issue_id, (event.node_id, by), &job).await?)
}

async fn start(
    app: &App,
    issue: IssueId,
    (node_id, requested_by): (Option<NodeId>, Option<UserId>),
    job: &JobContext,
) -> kernel::Result<Outcome> {
    let mut tx = job.finishing_tx().await?;
    let brief = issues::views::brief(&mut tx, issue).await?;
    let run = NewRun {
        subject_type: alerts::ISSUE.into(),
        subject_id: issue.uuid(),
        node_id,
        input: serde_json::to_value(brief)?,
        requested_by,
        skill_id: None,
    };
    // None: it was erased meanwhile.
    if let Some(run) = runs::start(&mut tx, &app.keyring, run).await? {
        issues::actions::attach_run(&mut tx, issue, run.uuid(), None).await?;
    }
    job.finish(tx).await?;
    Ok(Outcome::Done)
}
