//! Agents at work: an investigation follows a skill with tools and concludes.
//!
//! Actors. A [run](runs) is one investigation of a subject, today an issue. A worker executes it as a job. The
//! skill it follows and the tools it calls belong to `skills`; the language model, if one is configured, to `llm`.
//!
//! Flow. A reaction to an event calls [`runs::start`]. The job matches a skill, then either follows the executable
//! steps of its SOP and applies its rules, or lets a model read the SOP and call the tools. Both write the same
//! steps and end with one conclusion. `run.concluded.v1` and `run.failed.v1` tell the subject's own domain.
//!
//! Invariants.
//! - What is recorded is not done again, and a run has at most one conclusion ([`runs`] says how).
//! - A run ends: with a conclusion, cancelled by a later one, or failed with a reason.
//! - A claim without a step of its own run is not shown; a value without evidence is marked.
//! - What alerts and tools say is data. It reaches a model between marks, and people as code.

pub mod events;
pub mod runs;

use std::sync::Arc;

use chrono::TimeDelta;
use llm::{ChatModel, Limits, Usd};
use platform::{
    App,
    jobs::{Cron, Registry},
};
use utoipa_axum::router::OpenApiRouter;

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

/// Every endpoint of this crate.
pub fn routes(deps: Deps) -> OpenApiRouter {
    runs::routes(deps)
}

/// The jobs of this crate; they are put into the queue `runs`.
pub fn jobs(deps: Deps, registry: &mut Registry) {
    registry.add(runs::EXECUTE_RUN, move |args, context| runs::execute_run(deps.clone(), args, context));
}

/// The reconcilers of this crate.
pub fn cron(cron: &mut Cron) {
    cron.every(TimeDelta::minutes(1), "sweep_runs", |db| async move { runs::sweep_runs(&db).await });
}
