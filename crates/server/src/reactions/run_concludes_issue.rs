//! A run ended: its verdict is put into force on the issue it looked into.

use agents::events::{RunConcluded, RunFailed};
use alerts::issues::{self, Conclusion, Verdict};
use kernel::{IssueId, RunId};
use platform::{
    jobs::{Handled, JobContext, Outcome},
    record::Happened,
};

use crate::compose::Domains;

pub async fn concluded(_: Domains, event: Happened<RunConcluded>, job: JobContext) -> Handled {
    let RunConcluded { run_id, subject_type, subject_id, skill_id, conclusion } = event.payload;
    if subject_type != "issue" {
        return Ok(Outcome::Done);
    }
    let verdict = match conclusion.verdict {
        agents::runs::Verdict::Real => Verdict::Real,
        agents::runs::Verdict::FalsePositive => Verdict::FalsePositive,
        agents::runs::Verdict::Undetermined => Verdict::Undetermined,
    };
    let conclusion = Conclusion { verdict, summary: conclusion.summary, cause: conclusion.cause, skill_id };
    Ok(conclude(&job, subject_id.into(), run_id, &conclusion).await?)
}

/// An investigation that could not be carried out leaves the issue to people.
pub async fn failed(_: Domains, event: Happened<RunFailed>, job: JobContext) -> Handled {
    let RunFailed { run_id, subject_type, subject_id, error } = event.payload;
    if subject_type != "issue" {
        return Ok(Outcome::Done);
    }
    let summary = format!("The investigation could not be carried out: {error}");
    let conclusion = Conclusion { verdict: Verdict::Undetermined, summary, cause: None, skill_id: None };
    Ok(conclude(&job, subject_id.into(), run_id, &conclusion).await?)
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
