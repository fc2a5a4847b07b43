//! The run: match a skill, follow it with tools, conclude.
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

mod actions;
mod bounds;
mod brief;
mod claims;
mod content;
mod evidence;
mod execute;
mod journal;
mod model;
mod model_mode;
mod routes;
mod rules;
mod sealed;
mod store;
#[cfg(test)]
mod tests;
mod toolkit;
mod views;

pub use actions::{NewRun, start, sweep_runs};
pub use execute::{EXECUTE_RUN, ExecuteRun, execute_run};
pub use model::{Claim, Conclusion, Mode, Status, Step, StepKind, Verdict};
pub use routes::routes;
pub use sealed::erase;
pub use views::{RunDetail, RunView, SkillRef, find, list};
