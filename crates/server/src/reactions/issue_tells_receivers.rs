//! Something became of an issue: every receiver concerned is told of its state.

use alerts::issues::{self, Status};
use kernel::IssueId;
use notify::{
    card::{Card, Severity, State},
    deliveries::{Announcement, announce},
};
use platform::{
    jobs::{Handled, JobContext, Outcome},
    record::Event,
};

pub async fn react(notify: notify::Deps, event: Event, job: JobContext) -> Handled {
    // A new assignee is no new state.
    let unchanged = event.payload["before"].get("status") == event.payload["after"].get("status");
    if event.kind == "issue.changed.v1" && unchanged {
        return Ok(Outcome::Done);
    }
    Ok(tell(&notify, event, &job).await?)
}

async fn tell(notify: &notify::Deps, event: Event, job: &JobContext) -> kernel::Result<Outcome> {
    let issue = IssueId::from(event.subject_id);
    let mut tx = job.finishing_tx().await?;
    let shown = issues::views::card(&mut tx, issue).await?;
    // The state of the event, not of this moment: each state is told, in its order.
    let status = status_of(&event).unwrap_or(shown.status);
    let concluded = !matches!(status, Status::Analyzing);
    let card = Card {
        title: shown.title,
        severity: severity(shown.severity),
        state: state(&event.kind, status),
        summary: shown.ai_conclusion.filter(|_| concluded),
        cause: shown.cause.filter(|_| concluded),
        is_real_issue: shown.is_real_issue.filter(|_| concluded),
        alert_count: shown.alert_count,
        link: notify.link(&format!("issues/{issue}")),
        actions: Vec::new(),
        at: event.occurred_at,
    };
    let news = Announcement {
        subject_type: "issue",
        subject_id: issue.uuid(),
        receivers: shown.receivers,
        event_id: event.id,
        card,
    };
    announce(&mut tx, news).await?;
    job.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// The status that the event brought, if it says so.
fn status_of(event: &Event) -> Option<Status> {
    if event.kind == "issue.opened.v1" {
        return Some(Status::Analyzing);
    }
    let status = event.payload.get("status").or_else(|| event.payload["after"].get("status"))?;
    serde_json::from_value(status.clone()).ok()
}

fn state(kind: &str, status: Status) -> State {
    match status {
        Status::Analyzing if kind == "issue.opened.v1" => State::Opened,
        Status::Analyzing => State::Analyzing,
        Status::InProgress if kind == "issue.concluded.v1" => State::Concluded,
        Status::InProgress => State::InProgress,
        Status::Resolved => State::Resolved,
        Status::FalsePositive => State::FalsePositive,
        Status::UnableToResolve => State::UnableToResolve,
    }
}

fn severity(severity: alerts::Severity) -> Severity {
    match severity {
        alerts::Severity::Critical => Severity::Critical,
        alerts::Severity::High => Severity::High,
        alerts::Severity::Medium => Severity::Medium,
        alerts::Severity::Low => Severity::Low,
    }
}
