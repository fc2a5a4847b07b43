//! What people do about alerts. One alert is a bulk of one.

use std::collections::{HashMap, HashSet};

use kernel::{Error, NodeId, Result, UserId};
use platform::{db::TenantTx, record::Change};

use super::{
    model::{Current, Decision, FingerprintClaim, Move},
    store,
};
use crate::{
    AlertId, IssueId,
    events::{self, AlertChanged, AlertState},
    issues, people,
};

/// What a person does about some alerts.
#[derive(Clone, Copy, Debug)]
pub enum Order<'a> {
    Assign(Option<UserId>),
    Decide(Decision, Option<&'a str>),
    Investigate,
}

/// Carries out an order for one alert.
///
/// # Errors
/// 404; 409 or 422 with the code that says why not.
pub async fn carry_out(tx: &mut TenantTx, id: AlertId, order: Order<'_>) -> Result<()> {
    let results = carry_out_all(tx, &[id], order).await?;
    results.into_iter().try_for_each(|(_, result)| result)
}

/// Carries out an order for each alert that allows it; each gets its own answer. An id given twice counts once.
///
/// # Errors
/// 422 `not_a_member` for all of them.
pub async fn carry_out_all(
    tx: &mut TenantTx,
    ids: &[AlertId],
    order: Order<'_>,
) -> Result<Vec<(AlertId, Result<()>)>> {
    if let Order::Assign(user) = order {
        people::require_active(tx, user).await?;
    }
    // First what is the caller's to see; then what hangs together with it, whoever owns that.
    let seen = store::visible(tx, ids).await?;
    tx.widen("alerts and issues hang together across owners").await?;
    crate::store::lock_intake(tx).await?;
    issues::store::lock_of_alerts(tx, &seen).await?;
    let mut found: HashMap<AlertId, Current> =
        store::load(tx, &seen).await?.into_iter().map(|alert| (alert.id, alert)).collect();
    let mut once = HashSet::new();
    let (mut alerts, mut results) = (Vec::new(), Vec::new());
    for id in ids.iter().copied().filter(|id| once.insert(*id)) {
        match found.remove(&id) {
            Some(alert) => alerts.push(alert),
            None => results.push((id, Err(Error::NotFound("alert")))),
        }
    }
    results.extend(match order {
        Order::Assign(user) => assign(tx, &alerts, user).await?,
        Order::Decide(decision, reason) => decide(tx, &alerts, decision, reason).await?,
        Order::Investigate => investigate(tx, alerts).await?,
    });
    results.sort_by_cached_key(|(id, _)| ids.iter().position(|other| other == id));
    Ok(results)
}

type Results = Vec<(AlertId, Result<()>)>;

async fn assign(tx: &mut TenantTx, alerts: &[Current], user: Option<UserId>) -> Result<Results> {
    let changed: Vec<&Current> = alerts.iter().filter(|alert| alert.assigned_to != user).collect();
    store::assign(tx, &changed.iter().map(|alert| alert.id).collect::<Vec<_>>(), user).await?;
    for alert in changed {
        let change =
            Change::between(AlertState::assigned_to(alert.assigned_to), AlertState::assigned_to(user));
        tx.record::<AlertChanged, _>(events::alert(alert.id, alert.node_id), change).await?;
    }
    Ok(alerts.iter().map(|alert| (alert.id, Ok(()))).collect())
}

async fn decide(
    tx: &mut TenantTx,
    alerts: &[Current],
    decision: Decision,
    reason: Option<&str>,
) -> Result<Results> {
    let (mut moves, mut results) = (Vec::new(), Vec::new());
    let mut taken: HashMap<(&str, Option<NodeId>), AlertId> = HashMap::new();
    for alert in alerts {
        // Of two alerts of one fingerprint only the first can have it.
        let key = (alert.fingerprint.as_str(), alert.node_id);
        let held_by = taken.get(&key).copied().or(alert.held_by);
        let decided = Current { held_by, ..alert.clone() }.decide(decision);
        if let Ok(decided) = &decided {
            if decided.claim == FingerprintClaim::Take {
                taken.insert(key, alert.id);
            }
            moves.push((alert, *decided));
        }
        results.push((alert.id, decided.map(drop)));
    }
    store::apply(tx, &moves).await?;
    for (alert, decided) in &moves {
        record_move(tx, alert, *decided, reason).await?;
    }
    let closed =
        moves.iter().filter(|(_, decided)| !decided.to.is_active()).filter_map(|(alert, _)| alert.issue_id);
    let issues: HashSet<IssueId> = closed.collect();
    issues::actions::settle(tx, &Vec::from_iter(issues)).await?;
    Ok(results)
}

async fn record_move(tx: &mut TenantTx, alert: &Current, decided: Move, reason: Option<&str>) -> Result<()> {
    let change = Change::between(AlertState::status(alert.status), AlertState::status(decided.to));
    let subject = events::alert(alert.id, alert.node_id);
    tx.record::<AlertChanged, _>(subject, change.because(reason)).await.map(drop)
}

/// Opens issues for alerts that have none, one for each group; joins the group's open issue where there is one.
async fn investigate(tx: &mut TenantTx, alerts: Vec<Current>) -> Result<Results> {
    let (mut groups, mut results): (Vec<Vec<Current>>, Results) = (Vec::new(), Vec::new());
    for alert in alerts {
        let checked = alert.check_investigable();
        let ok = checked.is_ok();
        results.push((alert.id, checked));
        if !ok {
            continue;
        }
        let of = |alert: &Current| (alert.group_key.clone(), alert.node_id);
        match groups.iter_mut().find(|group| group.iter().any(|other| of(other) == of(&alert))) {
            Some(group) => group.push(alert),
            None => groups.push(vec![alert]),
        }
    }
    for group in groups {
        issues::actions::join_or_open(tx, &group).await?;
    }
    Ok(results)
}
