//! A run ended: its verdict is put into force on the issue it looked into.

use alerts::issues::{self, Conclusion, Verdict};
use kernel::{IssueId, RunId, SkillId};
use platform::{
    jobs::{Handled, JobContext, Outcome},
    record::Event,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Concluded {
    run_id: RunId,
    subject_type: String,
    subject_id: IssueId,
    skill_id: Option<SkillId>,
    conclusion: Found,
}

#[derive(Deserialize)]
struct Found {
    verdict: Verdict,
    summary: String,
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Failed {
    run_id: RunId,
    subject_type: String,
    subject_id: IssueId,
    error: String,
}

pub async fn concluded(event: Event, job: JobContext) -> Handled {
    let ended: Concluded = serde_json::from_value(event.payload).map_err(kernel::Error::from)?;
    if ended.subject_type != "issue" {
        return Ok(Outcome::Done);
    }
    let Found { verdict, summary, cause } = ended.conclusion;
    let conclusion = Conclusion { verdict, summary, cause, skill_id: ended.skill_id };
    Ok(conclude(&job, ended.subject_id, ended.run_id, &conclusion).await?)
}

/// An investigation that could not be carried out leaves the issue to people.
pub async fn failed(event: Event, job: JobContext) -> Handled {
    let ended: Failed = serde_json::from_value(event.payload).map_err(kernel::Error::from)?;
    if ended.subject_type != "issue" {
        return Ok(Outcome::Done);
    }
    let summary = format!("The investigation could not be carried out: {}", ended.error);
    let conclusion = Conclusion { verdict: Verdict::Undetermined, summary, cause: None, skill_id: None };
    Ok(conclude(&job, ended.subject_id, ended.run_id, &conclusion).await?)
}

async fn conclude(
    job: &JobContext,
    issue: IssueId,
    run: RunId,
    conclusion: &Conclusion,
) -> kernel::Result<Outcome> {
    let mut tx = job.finishing_tx().await?;
    issues::actions::conclude(&mut tx, issue, run, conclusion).await?;
    job.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}
