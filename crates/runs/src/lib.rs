//! Runs: an investigation follows a skill with tools and concludes.
//!
//! Actors. A run is one investigation of a subject, today an issue. A worker executes it as a job. The skill it follows and the
//! tools it calls belong to `skills`; the language model, if one is configured, to `llm`.
//!
//! Flow. A reaction to an event calls [`start`]. The job matches a skill, then either follows the executable steps of its SOP
//! and applies its rules, or lets a model read the SOP and call the tools. Both write the same steps and end with one
//! conclusion. `run.concluded.v1` and `run.failed.v1` tell the subject's own domain.
//!
//! ```text
//! start ─▶ job execute_run ─▶ match ─▶ no skill ───────────────────────────▶ undetermined
//!                                └───▶ model configured ─▶ model and tools ─┐
//!                                      │      └─ it is gone ─┐             ├▶ conclusion
//!                                      └ none ──────────────▶ SOP and rules ┘
//! ```
//!
//! - [`actions`]: starting a run and finding those that nobody pursues.
//! - [`execute`]: the job. It decides between the two modes and how a failure ends.
//! - [`journal`]: the durable record. Every step is written once, by the worker with the latest claim.
//! - [`rules`], [`model_mode`]: the two ways to a conclusion. Both call tools through [`toolkit`].
//! - [`claims`], [`evidence`]: whether a conclusion rests on its steps.
//! - [`sealed`]: what is sealed with the subject's key, so that it can be erased.
//! - [`views`], [`routes`]: how runs are shown.
//!
//! Invariants.
//! - What is recorded is not done again, and a run has at most one conclusion ([`journal`] says how).
//! - A run ends: with a conclusion, cancelled by a later one, or failed with a reason.
//! - A claim without a step of its own run is not shown; a value without evidence is marked.
//! - What alerts and tools say is data. It reaches a model between marks, and people as code.

mod actions;
mod bounds;
mod brief;
mod claims;
mod content;
pub mod events;
mod evidence;
mod execute;
mod journal;
mod model;
mod model_mode;
pub mod permissions;
pub mod retention;
mod routes;
mod rules;
mod sealed;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod toolkit;
mod views;

use std::sync::Arc;

use chrono::TimeDelta;
use llm::{ChatModel, Limits, Usd};
use platform::{App, domain::Domain};

pub use actions::{NewRun, start, sweep_runs};
use execute::execute_run;
pub use execute::{EXECUTE_RUN, ExecuteRun};
pub use model::{Claim, Conclusion, Mode, Status, Step, StepKind, Verdict};
pub use sealed::erase;
pub use store::forget;
pub use views::{
    RunDetail, RunView, SkillRef, VerdictDay, get, list, median_seconds_to_conclusion, verdicts_by_day,
};

/// Runs take minutes, and wait for each other only.
const QUEUE: &str = "runs";

kernel::ids! {
    RunId
    StepId
}

/// Settings of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The most that one run may use of a model. Its steps also bound the calls of tools.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        let (steps, tokens, cost_usd) = (30, 1_000_000, Usd::from_micros(2_000_000));
        Self { limits: Limits { steps, tokens, cost_usd } }
    }
}

#[derive(Clone)]
pub struct Deps {
    pub app: App,
    pub skills: skills::Deps,
    /// None: runs follow the executable steps of SOPs.
    pub model: Option<Arc<dyn ChatModel>>,
    pub options: Options,
}

/// What runs bring.
pub fn domain(deps: Deps) -> Domain {
    let mut domain = Domain {
        api: routes::routes(deps.clone()),
        queues: &[QUEUE],
        events: events::ALL,
        permissions: permissions::PERMISSIONS,
        settings: retention::SETTINGS,
        tables: tables::TABLES,
        ..Domain::new("runs")
    };
    domain.jobs.add(EXECUTE_RUN, move |args, context| execute_run(deps.clone(), args, context));
    domain.jobs.on_cancel(EXECUTE_RUN, |args: ExecuteRun, tx| Box::pin(actions::cancel(tx, args.run_id)));
    domain.cron.every(TimeDelta::minutes(1), "sweep_runs", |db| async move { sweep_runs(&db).await });
    domain.cron.every(
        TimeDelta::hours(1),
        "forget_usage",
        |db| async move { retention::forget_usage(&db).await },
    );
    domain
}
