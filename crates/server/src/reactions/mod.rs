//! What an event of one domain makes another domain do: one file for each pair of an aggregate and an effect, as several kinds of events may
//! have the same.
//!
//! The commit of the event puts the reaction into the queue, or the log is followed and puts it there some milliseconds later, so none is
//! missed; it may run twice, so each is idempotent for its event.

mod issue_starts_run;
mod issue_tells_receivers;
mod run_concludes_issue;

use alerts::events::{IssueAlertsAdded, IssueChanged, IssueConcluded, IssueOpened, IssueReprocessRequested};
use platform::jobs::{Reaction, Subscription, on};
use runs::events::{RunConcluded, RunFailed};

use crate::process::domains::Domains;

/// Every reaction. What decides what happens next is in the commit of the event. What receivers are told may lag, and waits with their
/// messages, not behind the work of a storm.
pub fn all() -> Vec<Reaction<Domains>> {
    vec![
        on::<IssueOpened>("issue_opened_starts_run").start(issue_starts_run::opened),
        on::<IssueReprocessRequested>("issue_reprocess_requested_starts_run")
            .in_order()
            .start(issue_starts_run::requested),
        on::<RunConcluded>("run_concluded_concludes_issue").start(run_concludes_issue::concluded),
        on::<RunFailed>("run_failed_concludes_issue").start(run_concludes_issue::failed),
        on::<IssueOpened>("issue_opened_tells_receivers")
            .queue("notify")
            .following()
            .start(issue_tells_receivers::react),
        on::<IssueAlertsAdded>("issue_alerts_added_tells_receivers")
            .queue("notify")
            .following()
            .start(issue_tells_receivers::react),
        on::<IssueChanged>("issue_changed_tells_receivers")
            .queue("notify")
            .following()
            .start(issue_tells_receivers::react),
        on::<IssueConcluded>("issue_concluded_tells_receivers")
            .queue("notify")
            .following()
            .start(issue_tells_receivers::react),
    ]
}

/// What events put into the queue.
pub fn subscriptions() -> Vec<Subscription> {
    all().iter().map(|reaction| reaction.subscription).collect()
}
