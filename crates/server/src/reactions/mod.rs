//! What an event of one domain makes another domain do: one file for each effect.
//!
//! The commit of the event puts the reaction into the queue, so none is missed; it may run twice, so each is
//! idempotent for its event.

mod issue_starts_run;
mod issue_tells_receivers;
mod run_concludes_issue;

use platform::jobs::{Reaction, Registry};

use crate::compose::Domains;

/// Every reaction: after which event, and its name.
pub const REACTIONS: &[Reaction] = &[
    Reaction { event: "issue.opened.v1", name: "issue_opened_starts_run" },
    Reaction { event: "issue.reprocess_requested.v1", name: "issue_reprocess_requested_starts_run" },
    Reaction { event: "run.concluded.v1", name: "run_concluded_concludes_issue" },
    Reaction { event: "run.failed.v1", name: "run_failed_concludes_issue" },
    Reaction { event: "issue.opened.v1", name: "issue_opened_tells_receivers" },
    Reaction { event: "issue.alerts_added.v1", name: "issue_alerts_added_tells_receivers" },
    Reaction { event: "issue.changed.v1", name: "issue_changed_tells_receivers" },
    Reaction { event: "issue.concluded.v1", name: "issue_concluded_tells_receivers" },
];

/// Gives every reaction its handler.
pub fn register(domains: &Domains, registry: &mut Registry) {
    for name in ["issue_opened_starts_run", "issue_reprocess_requested_starts_run"] {
        registry.react(name, issue_starts_run::react);
    }
    registry.react("run_concluded_concludes_issue", run_concludes_issue::concluded);
    registry.react("run_failed_concludes_issue", run_concludes_issue::failed);
    for name in [
        "issue_opened_tells_receivers",
        "issue_alerts_added_tells_receivers",
        "issue_changed_tells_receivers",
        "issue_concluded_tells_receivers",
    ] {
        let notify = domains.notify.clone();
        registry
            .react(name, move |event, context| issue_tells_receivers::react(notify.clone(), event, context));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_reaction_has_a_handler() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let product = runtime.block_on(async { crate::compose::disconnected().unwrap() });
        for reaction in super::REACTIONS {
            assert!(product.registry.knows(reaction.name), "{}", reaction.name);
        }
    }
}
