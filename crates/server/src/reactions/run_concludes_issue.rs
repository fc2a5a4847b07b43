//! A run ended: its verdict is put into force on the issue it looked into.

use alerts::{
    IssueId,
    issues::{self, IssueConclusion, IssueVerdict},
};
use platform::{
    App,
    jobs::{Handled, JobContext, Outcome},
    record::Happened,
};
use runs::{
    RunId, RunView,
    events::{RunConcluded, RunFailed},
};
use uuid::Uuid;

use crate::process::domains::Domains;

pub async fn concluded(domains: Domains, event: Happened<RunConcluded>, job: JobContext) -> Handled {
    let RunConcluded { run_id, subject_type, subject_id, .. } = event.payload;
    Ok(conclude(&domains.runs.app, &job, run_id, (&subject_type, subject_id)).await?)
}

pub async fn failed(domains: Domains, event: Happened<RunFailed>, job: JobContext) -> Handled {
    let RunFailed { run_id, subject_type, subject_id } = event.payload;
    Ok(conclude(&domains.runs.app, &job, run_id, (&subject_type, subject_id)).await?)
}

/// What the run found; none when that was erased. An investigation that could not be carried out leaves the issue to people.
fn conclusion(run: RunView) -> Option<IssueConclusion> {
    let skill_id = run.skill.map(|skill| skill.id.uuid());
    match (run.output, run.error) {
        (Some(found), _) => {
            let verdict = match found.verdict {
                runs::Verdict::Real => IssueVerdict::Real,
                runs::Verdict::FalsePositive => IssueVerdict::FalsePositive,
                runs::Verdict::Undetermined => IssueVerdict::Undetermined,
            };
            Some(IssueConclusion { verdict, summary: found.summary, cause: found.cause, skill_id })
        }
        (None, Some(error)) if run.erased_at.is_none() => {
            let summary = format!("The investigation could not be carried out: {error}");
            Some(IssueConclusion {
                verdict: IssueVerdict::Undetermined,
                summary,
                cause: None,
                skill_id: None,
            })
        }
        _ => None,
    }
}

async fn conclude(
    app: &App,
    job: &JobContext,
    run: RunId,
    (subject_type, subject_id): (&str, Uuid),
) -> kernel::Result<Outcome> {
    if subject_type != alerts::ISSUE {
        return Ok(Outcome::Done);
    }
    let mut tx = job.finishing_tx().await?;
    let found = runs::get(&mut tx, &app.keyring, run).await?;
    if let Some(conclusion) = conclusion(found) {
        issues::actions::conclude(&mut tx, IssueId::from(subject_id), run.uuid(), &conclusion).await?;
    }
    job.finish(tx).await?;
    Ok(Outcome::Done)
}
