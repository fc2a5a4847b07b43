//! What changes issues: people, runs, and the end of their alerts.
//!
//! Every action takes its locks first, so it may be called in a transaction that does other things too, as long as those
//! are brief.

use kernel::{Error, NodeId, Result, UserId};
use platform::{
    db::{TenantTx, violated},
    record::{Change, NewEvent},
};
use uuid::Uuid;

use super::{
    model::{Closing, Current, IssueConclusion, MOST_RECEIVERS, Status},
    store::{self, NewIssue},
};
use crate::{
    AlertId, IssueId,
    alerts::{self, Status as AlertStatus},
    events::{
        self, AlertChanged, AlertState, IssueAlertsAdded, IssueChanged, IssueConcluded, IssueCreated,
        IssueMade, IssueOpened, IssueReprocessRequested, IssueState,
    },
    people,
};

const ACTIVE: [AlertStatus; 2] = [AlertStatus::Open, AlertStatus::Investigating];

/// Opens an issue from alerts that have no open one, as a person asks for it.
///
/// # Errors
/// 422 `unknown_alert` with the place of the id; 409 `alert_in_another_issue`; 409 `invalid_transition` for an alert that
/// was muted.
pub async fn create(tx: &mut TenantTx, ids: &[AlertId], title: Option<&str>) -> Result<IssueId> {
    let ids_seen = alerts::store::visible(tx, ids).await?;
    tx.widen("an alert's group may be looked into above its owner").await?;
    crate::store::lock_intake(tx).await?;
    store::lock_of_alerts(tx, &ids_seen).await?;
    let mut found = alerts::store::load(tx, &ids_seen).await?;
    for (index, id) in ids.iter().enumerate() {
        let pointer = format!("/alert_ids/{index}");
        let Some(alert) = found.iter().find(|alert| alert.id == *id) else {
            return Err(Error::field("unknown_alert", pointer, "is no alert of this organization"));
        };
        alert.check_investigable()?;
    }
    found.sort_by_key(|alert| ids.iter().position(|id| *id == alert.id));
    open(tx, &found, title).await
}

/// Puts alerts of one group into the group's open issue, or opens one for them.
pub(crate) async fn join_or_open(tx: &mut TenantTx, group: &[alerts::Current]) -> Result<IssueId> {
    let Some(first) = group.first() else { return Err(Error::NotFound("alert")) };
    let Some(mut issue) = store::of_group(tx, first.node_id, &first.group_key).await? else {
        return open(tx, group, None).await;
    };
    let severity = group.iter().map(|alert| alert.severity).max().unwrap_or(issue.severity);
    issue.severity = issue.severity.max(severity);
    issue.receivers = receivers(issue.receivers, group);
    store::grow(tx, &[&issue]).await?;
    let ids = attach(tx, issue.id, group).await?;
    let payload = IssueAlertsAdded {
        issue_id: issue.id,
        severity: issue.severity,
        receivers: issue.receivers,
        alert_ids: events::named(&ids),
        alert_count: ids.len(),
    };
    tx.emit::<IssueAlertsAdded>(events::issue(issue.id, issue.node_id), &payload).await?;
    Ok(issue.id)
}

/// Opens an issue for alerts, named after the worst of them.
async fn open(tx: &mut TenantTx, group: &[alerts::Current], title: Option<&str>) -> Result<IssueId> {
    // Of equals the first is taken.
    let worst = group.iter().rev().max_by_key(|alert| alert.severity).ok_or(Error::NotFound("alert"))?;
    let id = IssueId::new(tx.now());
    let owners: Vec<_> = group.iter().map(|alert| alert.node_id).collect();
    let node_id = store::common_owner(tx, &owners).await?;
    let group_key = free_group_key(tx, (id, node_id), &worst.group_key).await?;
    let title = title.unwrap_or(&worst.title);
    let receivers = receivers(Vec::new(), group);
    let issue = NewIssue {
        id,
        title,
        description: worst.description.as_deref(),
        severity: worst.severity,
        group_key: &group_key,
        receivers: &receivers,
        node_id,
    };
    store::insert(tx, &issue).await?;
    let ids = attach(tx, id, group).await?;
    let payload = IssueOpened {
        issue_id: id,
        severity: worst.severity,
        receivers,
        alert_ids: events::named(&ids),
        alert_count: ids.len(),
    };
    let subject = events::issue(id, node_id);
    tx.emit::<IssueOpened>(subject, &payload).await?;
    let made = IssueMade { status: Status::Analyzing, alert_ids: payload.alert_ids };
    tx.record::<IssueCreated, _>(subject, Change::to(made)).await?;
    Ok(id)
}

async fn attach(tx: &mut TenantTx, issue: IssueId, group: &[alerts::Current]) -> Result<Vec<AlertId>> {
    let ids: Vec<AlertId> = group.iter().map(|alert| alert.id).collect();
    store::bind(tx, &ids.iter().map(|alert| (issue, *alert)).collect::<Vec<_>>()).await?;
    alerts::store::follow_issue(tx, &ids, AlertStatus::Investigating).await?;
    Ok(ids)
}

fn receivers(mut known: Vec<String>, group: &[alerts::Current]) -> Vec<String> {
    for receiver in group.iter().filter_map(|alert| alert.receiver_im.as_ref()) {
        if !known.contains(receiver) && known.len() < MOST_RECEIVERS {
            known.push(receiver.clone());
        }
    }
    known
}

/// The group's key, or one of the issue's own when another open issue has the group: new alerts join that one.
async fn free_group_key(
    tx: &mut TenantTx,
    (id, owner): (IssueId, Option<NodeId>),
    group_key: &str,
) -> Result<String> {
    let taken = store::of_group(tx, owner, group_key).await?.is_some_and(|holder| holder.id != id);
    Ok(if taken { format!("issue:{id}") } else { group_key.to_owned() })
}

/// Gives an issue to a member, or to nobody.
///
/// # Errors
/// 404; 422 `not_a_member`.
pub async fn assign(tx: &mut TenantTx, id: IssueId, user: Option<UserId>) -> Result<()> {
    people::require_active(tx, user).await?;
    let issue = lock(tx, id).await?;
    if issue.assigned_to == user {
        return Ok(());
    }
    store::assign(tx, id, user).await?;
    let change = Change::between(IssueState::assigned_to(issue.assigned_to), IssueState::assigned_to(user));
    record(tx, (id, issue.node_id), change).await
}

/// Closes an issue on a person's word; its alerts follow. Resolving frees their fingerprints, a false positive
/// mutes them until their source resolves them.
///
/// # Errors
/// 404; 409 `invalid_transition`.
pub async fn close(tx: &mut TenantTx, id: IssueId, closing: Closing, reason: Option<&str>) -> Result<()> {
    let issue = take(tx, id).await?;
    issue.check_close(closing)?;
    let is_real = issue.is_real_after(closing);
    store::close(tx, id, closing.status(), is_real).await?;
    store::close_bindings(tx, &[id]).await?;
    match closing {
        Closing::Resolved => {
            let from = [AlertStatus::Open, AlertStatus::Investigating, AlertStatus::FalsePositive];
            let moved = move_alerts(tx, id, &from, AlertStatus::Resolved).await?;
            alerts::store::release(tx, &moved).await?;
        }
        Closing::FalsePositive => drop(move_alerts(tx, id, &ACTIVE, AlertStatus::FalsePositive).await?),
    }
    let before = IssueState::closed(issue.status, issue.is_real_issue);
    let change = Change::between(before, IssueState::closed(closing.status(), is_real)).because(reason);
    record(tx, (id, issue.node_id), change).await
}

/// Has an issue looked into again, whatever its state. Earlier runs keep what they found.
///
/// # Errors
/// 404; 409 `erased`; 409 `alert_in_another_issue` when one of its alerts has another open issue by now.
pub async fn reprocess(tx: &mut TenantTx, id: IssueId) -> Result<()> {
    let issue = take(tx, id).await?;
    if issue.erased {
        return Err(Error::conflict(
            "erased",
            "what was said about this issue was erased: nothing is left to look into",
        ));
    }
    let group_key = free_group_key(tx, (id, issue.node_id), &issue.group_key).await?;
    store::restart(tx, id, &group_key).await?;
    store::reopen_bindings(tx, id).await.map_err(|error| match violated(&error) {
        Some("issue_alert_bindings_open_alert_key") => Error::conflict(
            "alert_in_another_issue",
            "one of its alerts belongs to another open issue by now",
        ),
        _ => error.into(),
    })?;
    let ids = store::alert_ids(tx, id).await?;
    alerts::store::follow_issue(tx, &ids, AlertStatus::Investigating).await?;
    let change = Change::between(IssueState::status(issue.status), IssueState::status(Status::Analyzing));
    record(tx, (id, issue.node_id), change).await?;
    let payload = IssueReprocessRequested { issue_id: id, requested_by: tx.actor().user() };
    tx.emit::<IssueReprocessRequested>(events::issue(id, issue.node_id), &payload).await.map(drop)
}

/// Names the run whose conclusion will count. False, when the issue is not being analyzed (any more).
pub async fn attach_run(tx: &mut TenantTx, id: IssueId, run: Uuid, skill: Option<Uuid>) -> Result<bool> {
    store::attach_run(tx, id, run, skill).await
}

/// Puts a run's conclusion into force; the alerts follow. False, and nothing changes, unless the issue is being
/// analyzed by this very run: a second call, a run that was overtaken by another, and a person's word that came first
/// all end here.
///
/// # Errors
/// 404 for an issue that does not exist.
pub async fn conclude(
    tx: &mut TenantTx,
    id: IssueId,
    run: Uuid,
    conclusion: &IssueConclusion,
) -> Result<bool> {
    let issue = lock(tx, id).await?;
    if issue.status != Status::Analyzing || issue.run_id != Some(run) {
        return Ok(false);
    }
    let status = conclusion.leads_to(store::is_over(tx, id).await?);
    store::conclude(tx, id, status, conclusion).await?;
    if !status.is_open() {
        store::close_bindings(tx, &[id]).await?;
    }
    match status {
        Status::FalsePositive => drop(move_alerts(tx, id, &ACTIVE, AlertStatus::FalsePositive).await?),
        // Nobody investigates any more.
        Status::UnableToResolve => {
            let ids = store::alert_ids(tx, id).await?;
            alerts::store::follow_issue(tx, &ids, AlertStatus::Open).await?;
        }
        Status::Analyzing | Status::InProgress | Status::Resolved => {}
    }
    let payload = IssueConcluded {
        issue_id: id,
        run_id: run,
        verdict: conclusion.verdict,
        is_real_issue: conclusion.verdict.is_real_issue(),
        skill_id: conclusion.skill_id,
        status,
    };
    tx.emit::<IssueConcluded>(events::issue(id, issue.node_id), &payload).await?;
    Ok(true)
}

/// Resolves those of these issues that are in progress and whose alerts are all over. The caller holds their rows.
pub(crate) async fn settle(tx: &mut TenantTx, ids: &[IssueId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let over = store::over(tx, ids).await?;
    let resolved = store::resolve_in_progress(tx, &over).await?;
    store::close_bindings(tx, &resolved.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    let change =
        Change::between(IssueState::status(Status::InProgress), IssueState::status(Status::Resolved));
    let told = resolved
        .into_iter()
        .map(|(id, owner)| NewEvent::new::<IssueChanged>(events::issue(id, owner), &change))
        .collect::<Result<_>>()?;
    tx.emit_all(told).await.map(drop)
}

async fn move_alerts(
    tx: &mut TenantTx,
    issue: IssueId,
    from: &[AlertStatus],
    to: AlertStatus,
) -> Result<Vec<AlertId>> {
    let moved = alerts::store::move_all_of(tx, issue, from, to).await?;
    let told = moved.iter().map(|moved| {
        let change = Change::between(AlertState::status(moved.status), AlertState::status(to));
        NewEvent::new::<AlertChanged>(events::alert(moved.id, moved.node_id), &change)
    });
    tx.emit_all(told.collect::<Result<_>>()?).await?;
    Ok(moved.into_iter().map(|moved| moved.id).collect())
}

async fn lock(tx: &mut TenantTx, id: IssueId) -> Result<Current> {
    store::lock(tx, id).await?.ok_or(Error::NotFound("issue"))
}

/// Locks what a person is about to change together with its alerts: first whether it is theirs to see, then everything that
/// hangs together with it.
pub(super) async fn take(tx: &mut TenantTx, id: IssueId) -> Result<Current> {
    super::views::exists(tx, id).await?;
    tx.widen("alerts and issues hang together across owners").await?;
    crate::store::lock_intake(tx).await?;
    lock(tx, id).await
}

async fn record(
    tx: &mut TenantTx,
    (id, owner): (IssueId, Option<NodeId>),
    change: Change<IssueState>,
) -> Result<()> {
    tx.record::<IssueChanged, _>(events::issue(id, owner), change).await.map(drop)
}
