//! Something became of an issue: every receiver concerned is told of its state.

use alerts::{
    IssueId,
    events::{IssueAlertsAdded, IssueChanged, IssueConcluded, IssueOpened},
    issues::{self, Status},
};
use chrono::{DateTime, Utc};
use kernel::{EventId, NodeId, PageQuery};
use notify::{
    card::{Card, State, Urgency},
    deliveries::{self, Announcement, announce},
};
use platform::{
    db::TenantTx,
    jobs::{Handled, JobContext, Outcome},
    record::{Event, EventKind, Happened},
};

use crate::process::domains::Domains;

/// As many states as are told of what nobody heard of yet.
const MOST_UNHEARD: i64 = 20;

/// An event that may bring a new state.
pub struct News {
    id: EventId,
    issue: IssueId,
    node_id: Option<NodeId>,
    at: DateTime<Utc>,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Opened,
    AlertsAdded,
    Changed(Status),
    Concluded(Status),
    /// Such as a new assignee.
    NoState,
}

impl News {
    fn of<E: EventKind>(event: &Happened<E>, what: What) -> Self {
        let issue = IssueId::from(event.subject_id);
        Self { id: event.id, issue, node_id: event.node_id, at: event.occurred_at, what }
    }

    /// The event as news, if it is any.
    fn read(event: &Event) -> kernel::Result<Option<Self>> {
        if let Some(event) = event.as_kind::<IssueOpened>()? {
            return Ok(Some(event.into()));
        }
        if let Some(event) = event.as_kind::<IssueAlertsAdded>()? {
            return Ok(Some(event.into()));
        }
        if let Some(event) = event.as_kind::<IssueChanged>()? {
            return Ok(Some(event.into()));
        }
        Ok(event.as_kind::<IssueConcluded>()?.map(Self::from))
    }

    /// The status that it brought, if it says so.
    const fn status(&self) -> Option<Status> {
        match self.what {
            What::Opened => Some(Status::Analyzing),
            What::Changed(status) | What::Concluded(status) => Some(status),
            What::AlertsAdded | What::NoState => None,
        }
    }
}

impl From<Happened<IssueOpened>> for News {
    fn from(event: Happened<IssueOpened>) -> Self {
        Self::of(&event, What::Opened)
    }
}

impl From<Happened<IssueAlertsAdded>> for News {
    fn from(event: Happened<IssueAlertsAdded>) -> Self {
        Self::of(&event, What::AlertsAdded)
    }
}

impl From<Happened<IssueChanged>> for News {
    fn from(event: Happened<IssueChanged>) -> Self {
        let status =
            |state: &Option<alerts::events::IssueState>| state.as_ref().and_then(|state| state.status);
        let (before, after) = (status(&event.payload.before), status(&event.payload.after));
        let what = after.filter(|_| before != after).map_or(What::NoState, What::Changed);
        Self::of(&event, what)
    }
}

impl From<Happened<IssueConcluded>> for News {
    fn from(event: Happened<IssueConcluded>) -> Self {
        Self::of(&event, What::Concluded(event.payload.status))
    }
}

pub async fn react<E: EventKind>(domains: Domains, event: Happened<E>, job: JobContext) -> Handled
where
    News: From<Happened<E>>,
{
    let news = News::from(event);
    if news.what == What::NoState {
        return Ok(Outcome::Done);
    }
    Ok(tell(&domains, news, &job).await?)
}

async fn tell(domains: &Domains, news: News, job: &JobContext) -> kernel::Result<Outcome> {
    let issue = news.issue;
    let mut tx = job.finishing_tx().await?;
    let Some(shown) = issues::views::card_to_show(&mut tx, issue).await? else { return Ok(Outcome::Done) };
    let actions = actions(&mut tx, domains, issue).await?;
    for news in with_unheard(&mut tx, news).await? {
        let announcement = Announcement {
            subject_type: alerts::ISSUE,
            subject_id: issue.uuid(),
            node_id: news.node_id,
            receivers: shown.receivers.clone(),
            event_id: news.id,
            card: card(&domains.notify, (&shown, &actions), &news),
        };
        announce(&mut tx, announcement).await?;
    }
    job.finish(tx).await?;
    Ok(Outcome::Done)
}

/// The event, and before it those of which nobody was told yet. Whichever job comes first tells them, so that receivers
/// hear of the states of an issue in their order even when the jobs do not run in theirs.
async fn with_unheard(tx: &mut TenantTx, news: News) -> kernel::Result<Vec<News>> {
    let mut unheard = Vec::new();
    if news.what != What::Opened {
        let (issue, told) = (news.issue.uuid(), deliveries::told_until(tx, news.issue.uuid()).await?);
        let kinds = [IssueOpened::KIND, IssueAlertsAdded::KIND, IssueChanged::KIND, IssueConcluded::KIND];
        for event in tx.history(issue, &kinds, (told, news.id), MOST_UNHEARD).await? {
            unheard.extend(News::read(&event)?.filter(|news| news.what != What::NoState));
        }
    }
    unheard.push(news);
    Ok(unheard)
}

/// What the newest investigation says that a person should do.
async fn actions(tx: &mut TenantTx, domains: &Domains, issue: IssueId) -> kernel::Result<Vec<String>> {
    let newest = PageQuery { limit: Some(1), ..PageQuery::default() };
    let runs = runs::list(tx, &domains.runs.app.keyring, (alerts::ISSUE, issue.uuid()), &newest).await?;
    Ok(runs.items.into_iter().find_map(|run| run.output).map(|found| found.actions).unwrap_or_default())
}

/// The state of the event, not of this moment: each state is told.
fn card(notify: &notify::Deps, (shown, actions): (&issues::IssueCard, &[String]), news: &News) -> Card {
    let status = news.status().unwrap_or(shown.status);
    let concluded = !matches!(status, Status::Analyzing);
    let is_over = matches!(status, Status::Resolved | Status::FalsePositive);
    Card {
        title: shown.title.clone(),
        severity: severity(shown.severity),
        state: state(news.what, status),
        summary: shown.ai_conclusion.clone().filter(|_| concluded),
        cause: shown.cause.clone().filter(|_| concluded),
        is_real_issue: shown.is_real_issue.filter(|_| concluded),
        alert_count: shown.alert_count,
        link: notify.link(&format!("issues/{}", shown.id)),
        actions: if concluded && !is_over { actions.to_vec() } else { Vec::new() },
        at: news.at,
        note: None,
    }
}

fn state(what: What, status: Status) -> State {
    match status {
        Status::Analyzing if what == What::Opened => State::Opened,
        Status::Analyzing => State::Analyzing,
        Status::InProgress if matches!(what, What::Concluded(_)) => State::Concluded,
        Status::InProgress => State::InProgress,
        Status::Resolved => State::Resolved,
        Status::FalsePositive => State::FalsePositive,
        Status::UnableToResolve => State::UnableToResolve,
    }
}

fn severity(severity: alerts::Severity) -> Urgency {
    match severity {
        alerts::Severity::Critical => Urgency::Critical,
        alerts::Severity::High => Urgency::High,
        alerts::Severity::Medium => Urgency::Medium,
        alerts::Severity::Low => Urgency::Low,
    }
}
