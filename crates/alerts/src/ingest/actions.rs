//! Stores a batch of signals: lock, look, plan, write, tell.

use std::collections::BTreeSet;

use kernel::{NodeId, Result};
use platform::{
    db::TenantTx,
    record::{Change, NewEvent},
};

use super::{
    plan::{Plan, plan},
    signal::{Entry, Signal, State},
    store,
};
use crate::{
    events::{
        self, AlertChanged, AlertReceived, AlertResolved, AlertState, IssueAlertsAdded, IssueChanged,
        IssueOpened, IssueState,
    },
    issues::{self, NewIssue},
};

/// Stores the signals of one or more requests and says what became of each. Nothing is visible before the commit.
pub async fn receive(tx: &mut TenantTx, signals: &[&Signal]) -> Result<Vec<Entry>> {
    let home = tx.scope().home;
    tx.widen("fingerprints and groups are looked up within their owner").await?;
    crate::store::lock_intake(tx).await?;
    let fingerprints: BTreeSet<&str> = signals.iter().map(|signal| signal.fingerprint.as_str()).collect();
    let fingerprints = Vec::from_iter(fingerprints);
    let firing = signals.iter().filter(|signal| signal.state == State::Firing);
    let groups: BTreeSet<&str> = firing.map(|signal| signal.group_key.as_str()).collect();
    // First the issues, so that none of them is concluded between the two looks.
    let open = issues::store::lock_concerned(tx, home, &Vec::from_iter(groups), &fingerprints).await?;
    let known = store::known(tx, home, &fingerprints).await?;
    let plan = plan(signals, &known, (open, home), tx.now());
    store::refresh(tx, &plan.repeated).await?;
    store::end(tx, home, &plan.ended).await?;
    write_new(tx, home, &plan).await?;
    tx.emit_all(events_of(&plan, home)?).await?;
    let ended_in = plan.ended.iter().filter_map(|ended| ended.known.issue_id);
    let ended_in: BTreeSet<_> = ended_in.collect();
    issues::actions::settle(tx, &Vec::from_iter(ended_in)).await?;
    Ok(plan.entries)
}

async fn write_new(tx: &mut TenantTx, home: Option<NodeId>, plan: &Plan<'_>) -> Result<()> {
    let opened = plan.issues.iter().filter_map(|issue| {
        let signal = issue.opened_for?;
        Some(NewIssue {
            id: issue.issue.id,
            title: &signal.title,
            description: signal.description.as_deref(),
            severity: issue.issue.severity,
            group_key: &issue.issue.group_key,
            receivers: &issue.issue.receivers,
            node_id: issue.issue.node_id,
        })
    });
    store::insert(tx, home, &plan.created, &opened.collect::<Vec<_>>()).await?;
    let grown = plan.issues.iter().filter(|issue| issue.before.is_some());
    issues::store::grow(tx, &grown.map(|issue| &issue.issue).collect::<Vec<_>>()).await
}

/// `home` is the node that owns the alerts.
fn events_of(plan: &Plan<'_>, home: Option<NodeId>) -> Result<Vec<NewEvent>> {
    let mut told = Vec::with_capacity(plan.created.len() + plan.ended.len() + plan.issues.len());
    for created in &plan.created {
        let payload =
            AlertReceived { alert_id: created.id, issue_id: created.issue_id, severity: created.severity };
        told.push(NewEvent::new::<AlertReceived>(events::alert(created.id, home), &payload)?);
    }
    for repeated in plan.repeated.iter().filter(|repeated| repeated.severity != repeated.before) {
        let change =
            Change::between(AlertState::severity(repeated.before), AlertState::severity(repeated.severity));
        told.push(NewEvent::new::<AlertChanged>(events::alert(repeated.id, home), &change)?);
    }
    told.extend(issue_events(plan)?);
    let new = plan.created.iter().filter_map(|created| Some((created.id, created.ended?)));
    let old = plan.ended.iter().map(|ended| (ended.known.alert_id, ended.ends_at));
    for (alert_id, ends_at) in new.chain(old) {
        let payload = AlertResolved { alert_id, ends_at };
        told.push(NewEvent::new::<AlertResolved>(events::alert(alert_id, home), &payload)?);
    }
    Ok(told)
}

fn issue_events(plan: &Plan<'_>) -> Result<Vec<NewEvent>> {
    let mut told = Vec::new();
    for planned in &plan.issues {
        let issue = &planned.issue;
        let subject = events::issue(issue.id, issue.node_id);
        let (alert_ids, alert_count) = (events::named(&planned.joined), planned.joined.len());
        let (severity, receivers) = (issue.severity, issue.receivers.clone());
        if planned.opened_for.is_some() {
            let payload = IssueOpened { issue_id: issue.id, severity, receivers, alert_ids, alert_count };
            told.push(NewEvent::new::<IssueOpened>(subject, &payload)?);
        } else if alert_count > 0 {
            let payload =
                IssueAlertsAdded { issue_id: issue.id, severity, receivers, alert_ids, alert_count };
            told.push(NewEvent::new::<IssueAlertsAdded>(subject, &payload)?);
        } else if let Some((before, told_before)) = &planned.before {
            let state = |severity, receivers: &[String]| IssueState {
                severity: Some(severity),
                receivers: Some(receivers.to_vec()),
                ..IssueState::default()
            };
            let change = Change::between(state(*before, told_before), state(severity, &receivers));
            told.push(NewEvent::new::<IssueChanged>(subject, &change)?);
        }
    }
    Ok(told)
}
