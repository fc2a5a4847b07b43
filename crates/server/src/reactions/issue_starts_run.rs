//! An issue was opened, or is to be looked into again: a run starts, and its conclusion will count.

use agents::runs::{self, NewRun};
use alerts::issues;
use kernel::IssueId;
use platform::{
    jobs::{Handled, JobContext, Outcome},
    record::Event,
};

pub async fn react(event: Event, job: JobContext) -> Handled {
    Ok(start(&event, &job).await?)
}

async fn start(event: &Event, job: &JobContext) -> kernel::Result<Outcome> {
    let issue = IssueId::from(event.subject_id);
    let mut tx = job.finishing_tx().await?;
    let brief = issues::views::brief(&mut tx, issue).await?;
    let requested_by = event.payload["requested_by"].as_str().and_then(|id| id.parse().ok());
    let run = NewRun {
        subject_type: "issue".into(),
        subject_id: issue.uuid(),
        node_id: event.node_id,
        input: serde_json::to_value(brief)?,
        requested_by,
        skill_id: None,
    };
    let run = runs::start(&mut tx, run).await?;
    issues::actions::attach_run(&mut tx, issue, run, None).await?;
    job.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}
