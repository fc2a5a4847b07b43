//! Decides, without touching anything, what a batch of signals means for what is open now.
//!
//! Signals are taken in order, so that a request which says firing, resolved, firing of one fingerprint leaves one
//! ended and one open alert behind, as three requests would have.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use kernel::NodeId;

use super::signal::{Entry, Signal, SignalOutcome, State};
use crate::{
    AlertId, IssueId,
    alerts::Status,
    issues::{MOST_RECEIVERS, OpenIssue},
    severity::Severity,
};

/// The alert that a fingerprint stands for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Known {
    pub fingerprint: String,
    pub alert_id: AlertId,
    pub status: Status,
    pub severity: Severity,
    /// Its open issue.
    pub issue_id: Option<IssueId>,
}

/// What is to be written down.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// One for each signal, in their order.
    pub entries: Vec<Entry>,
    pub created: Vec<Created<'a>>,
    pub repeated: Vec<Repeated<'a>>,
    pub ended: Vec<Ended>,
    pub issues: Vec<IssuePlan<'a>>,
}

/// A new alert.
#[derive(Debug)]
pub struct Created<'a> {
    pub id: AlertId,
    pub first: &'a Signal,
    pub latest: &'a Signal,
    pub severity: Severity,
    pub occurrences: i64,
    pub ended: Option<DateTime<Utc>>,
    pub issue_id: IssueId,
}

/// A stored alert that was said to fire again.
#[derive(Debug)]
pub struct Repeated<'a> {
    pub id: AlertId,
    pub latest: &'a Signal,
    pub before: Severity,
    pub severity: Severity,
    pub times: i64,
}

/// A stored alert whose source says that it is over.
#[derive(Debug)]
pub struct Ended {
    pub known: Known,
    pub ends_at: DateTime<Utc>,
}

/// An issue that opens or that this batch looks at.
#[derive(Debug)]
pub struct IssuePlan<'a> {
    pub issue: OpenIssue,
    /// The signal that an issue is opened for; None for an issue that is open already.
    pub opened_for: Option<&'a Signal>,
    pub joined: Vec<AlertId>,
    /// As it was, when its severity rose or receivers came.
    pub before: Option<(Severity, Vec<String>)>,
}

/// What a fingerprint stands for while the plan is made.
enum Claim {
    Stored { known: Known, repeated: Option<usize> },
    Created(usize),
}

struct Planner<'a> {
    now: DateTime<Utc>,
    /// The node that owns what is new.
    home: Option<NodeId>,
    claims: HashMap<&'a str, Claim>,
    by_id: HashMap<IssueId, usize>,
    by_group: HashMap<String, usize>,
    plan: Plan<'a>,
}

/// Makes the plan for what one owner, or nobody, brings in. `known` and `issues` are what is open now, as far as the signals
/// speak of it.
pub fn plan<'a>(
    signals: &[&'a Signal],
    known: &'a [Known],
    (issues, home): (Vec<OpenIssue>, Option<NodeId>),
    now: DateTime<Utc>,
) -> Plan<'a> {
    let stored = |known: &Known| Claim::Stored { known: known.clone(), repeated: None };
    let mut planner = Planner {
        now,
        home,
        claims: known.iter().map(|known| (known.fingerprint.as_str(), stored(known))).collect(),
        by_id: HashMap::new(),
        by_group: HashMap::new(),
        plan: Plan::default(),
    };
    for issue in issues {
        planner.add_issue(issue, None);
    }
    for signal in signals {
        let entry = match signal.state {
            State::Firing => planner.firing(signal),
            State::Resolved(at) => planner.resolved(signal, at),
        };
        planner.plan.entries.push(entry);
    }
    planner.plan
}

impl<'a> Planner<'a> {
    fn firing(&mut self, signal: &'a Signal) -> Entry {
        let (id, issue, outcome) = match self.claims.get_mut(signal.fingerprint.as_str()) {
            Some(Claim::Stored { known, repeated }) => {
                let index = *repeated.get_or_insert_with(|| {
                    self.plan.repeated.push(Repeated {
                        id: known.alert_id,
                        latest: signal,
                        before: known.severity,
                        severity: known.severity,
                        times: 0,
                    });
                    self.plan.repeated.len() - 1
                });
                let repeat = &mut self.plan.repeated[index];
                repeat.times += 1;
                repeat.latest = signal;
                repeat.severity = repeat.severity.max(signal.severity);
                (known.alert_id, known.issue_id, SignalOutcome::Repeated)
            }
            Some(Claim::Created(index)) => {
                let created = &mut self.plan.created[*index];
                created.occurrences += 1;
                created.latest = signal;
                created.severity = created.severity.max(signal.severity);
                (created.id, Some(created.issue_id), SignalOutcome::Repeated)
            }
            None => {
                let (id, issue) = self.create(signal);
                (id, Some(issue), SignalOutcome::Created)
            }
        };
        if let Some(index) = issue.and_then(|issue| self.by_id.get(&issue)) {
            self.plan.issues[*index].hear(signal);
        }
        Entry { id: Some(id), fingerprint: signal.fingerprint.clone(), outcome }
    }

    fn create(&mut self, signal: &'a Signal) -> (AlertId, IssueId) {
        let id = AlertId::new(self.now);
        let index = match self.by_group.get(&signal.group_key) {
            Some(index) => *index,
            None => self.add_issue(OpenIssue::about(signal, self.home, self.now), Some(signal)),
        };
        let issue = &mut self.plan.issues[index];
        issue.joined.push(id);
        let issue_id = issue.issue.id;
        self.claims.insert(&signal.fingerprint, Claim::Created(self.plan.created.len()));
        self.plan.created.push(Created {
            id,
            first: signal,
            latest: signal,
            severity: signal.severity,
            occurrences: 1,
            ended: None,
            issue_id,
        });
        (id, issue_id)
    }

    fn resolved(&mut self, signal: &'a Signal, at: DateTime<Utc>) -> Entry {
        let (id, outcome) = match self.claims.remove(signal.fingerprint.as_str()) {
            None => (None, SignalOutcome::UnmatchedResolve),
            Some(Claim::Created(index)) => {
                let created = &mut self.plan.created[index];
                created.ended = Some(at);
                (Some(created.id), SignalOutcome::Resolved)
            }
            Some(Claim::Stored { known, .. }) => {
                let id = known.alert_id;
                self.plan.ended.push(Ended { known, ends_at: at });
                (Some(id), SignalOutcome::Resolved)
            }
        };
        Entry { id, fingerprint: signal.fingerprint.clone(), outcome }
    }

    fn add_issue(&mut self, issue: OpenIssue, opened_for: Option<&'a Signal>) -> usize {
        let index = self.plan.issues.len();
        self.by_id.insert(issue.id, index);
        // New alerts join an issue of their own owner only.
        if issue.node_id == self.home {
            self.by_group.insert(issue.group_key.clone(), index);
        }
        self.plan.issues.push(IssuePlan { issue, opened_for, joined: Vec::new(), before: None });
        index
    }
}

impl<'a> IssuePlan<'a> {
    /// One of its alerts was heard: the issue is as bad as its worst alert and goes to whoever any of them goes to.
    fn hear(&mut self, signal: &'a Signal) {
        let issue = &mut self.issue;
        let worse = signal.severity > issue.severity;
        let receivers = &issue.receivers;
        let new = |receiver: &&String| !receivers.contains(receiver) && receivers.len() < MOST_RECEIVERS;
        let receiver = signal.receiver_im.as_ref().filter(new);
        if !worse && receiver.is_none() {
            return;
        }
        if self.opened_for.is_none() && self.before.is_none() {
            self.before = Some((issue.severity, issue.receivers.clone()));
        }
        issue.receivers.extend(receiver.cloned());
        if worse {
            issue.severity = signal.severity;
            // A new issue is named after its worst alert; people know an older one by its name.
            if self.opened_for.is_some() {
                self.opened_for = Some(signal);
            }
        }
    }
}
