//! Something became of an issue: every receiver concerned is told of its state.

use alerts::issues::{self, Status};
use kernel::IssueId;
use notify::{
    card::{Card, Severity, State},
    deliveries::{self, Announcement, announce},
};
use platform::{
    db::TenantTx,
    jobs::{Handled, JobContext, Outcome},
    record::Event,
};

/// The kinds of events that are news, if they bring a new state.
pub const NEWS: [&str; 4] = [OPENED, "issue.alerts_added.v1", CHANGED, CONCLUDED];
const OPENED: &str = "issue.opened.v1";
const CHANGED: &str = "issue.changed.v1";
const CONCLUDED: &str = "issue.concluded.v1";

/// As many states as are told of what nobody heard of yet.
const MOST_UNHEARD: i64 = 20;

pub async fn react(notify: notify::Deps, event: Event, job: JobContext) -> Handled {
    if !brings_a_state(&event) {
        return Ok(Outcome::Done);
    }
    Ok(tell(&notify, event, &job).await?)
}

/// A new assignee is no new state.
fn brings_a_state(event: &Event) -> bool {
    event.kind != CHANGED || event.payload["before"].get("status") != event.payload["after"].get("status")
}

async fn tell(notify: &notify::Deps, event: Event, job: &JobContext) -> kernel::Result<Outcome> {
    let issue = IssueId::from(event.subject_id);
    let mut tx = job.finishing_tx().await?;
    let shown = issues::views::card(&mut tx, issue).await?;
    for event in with_unheard(&mut tx, event).await? {
        let news = Announcement {
            subject_type: "issue",
            subject_id: issue.uuid(),
            node_id: event.node_id,
            receivers: shown.receivers.clone(),
            event_id: event.id,
            card: card(notify, &shown, &event),
        };
        announce(&mut tx, news).await?;
    }
    job.finish(&mut tx).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// The event, and before it those of which nobody was told yet. Whichever job comes first tells them, so that receivers
/// hear of the states of an issue in their order even when the jobs do not run in theirs.
async fn with_unheard(tx: &mut TenantTx, event: Event) -> kernel::Result<Vec<Event>> {
    let mut news = Vec::new();
    if event.kind != OPENED {
        let told = deliveries::told_until(tx, event.subject_id).await?;
        news = tx.history(event.subject_id, &NEWS, (told, event.id), MOST_UNHEARD).await?;
        news.retain(brings_a_state);
    }
    news.push(event);
    Ok(news)
}

/// The state of the event, not of this moment: each state is told.
fn card(notify: &notify::Deps, shown: &issues::Card, event: &Event) -> Card {
    let status = status_of(event).unwrap_or(shown.status);
    let concluded = !matches!(status, Status::Analyzing);
    Card {
        title: shown.title.clone(),
        severity: severity(shown.severity),
        state: state(&event.kind, status),
        summary: shown.ai_conclusion.clone().filter(|_| concluded),
        cause: shown.cause.clone().filter(|_| concluded),
        is_real_issue: shown.is_real_issue.filter(|_| concluded),
        alert_count: shown.alert_count,
        link: notify.link(&format!("issues/{}", shown.id)),
        actions: Vec::new(),
        at: event.occurred_at,
    }
}

/// The status that the event brought, if it says so.
fn status_of(event: &Event) -> Option<Status> {
    if event.kind == OPENED {
        return Some(Status::Analyzing);
    }
    let status = event.payload.get("status").or_else(|| event.payload["after"].get("status"))?;
    serde_json::from_value(status.clone()).ok()
}

fn state(kind: &str, status: Status) -> State {
    match status {
        Status::Analyzing if kind == OPENED => State::Opened,
        Status::Analyzing => State::Analyzing,
        Status::InProgress if kind == CONCLUDED => State::Concluded,
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
