//! What runs tell the rest of the product: ids and states, never what they found.

use kernel::NodeId;
use platform::record::{Declared, Subject};
use serde::{Deserialize, Serialize};
use skills::SkillId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{RunId, StepKind, Verdict, permissions::RunsRead};

/// All of them.
pub const ALL: &[&[Declared]] = &[RUNS];

platform::events! {
    /// What happens to runs.
    pub RUNS, about "run", for RunsRead {
        /// Something is looked into.
        RunStarted = "run.started.v1",
        /// A run did something; the step itself is read with the run.
        RunStepRecorded = "run.step_recorded.v1",
        /// A run ended with a verdict.
        RunConcluded = "run.concluded.v1",
        /// A run was given up.
        RunFailed = "run.failed.v1",
        /// Another run of the same subject took its place.
        RunCancelled = "run.cancelled.v1",
    }
}

/// A run and what it looks into.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunStarted {
    pub run_id: RunId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunCancelled {
    pub run_id: RunId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunStepRecorded {
    pub run_id: RunId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
    pub seq: i32,
    pub kind: StepKind,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunConcluded {
    pub run_id: RunId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
    #[schema(required = true)]
    pub skill_id: Option<SkillId>,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunFailed {
    pub run_id: RunId,
    /// `issue`.
    pub subject_type: String,
    pub subject_id: Uuid,
}

pub const fn run(id: RunId, owner: Option<NodeId>) -> Subject {
    (id.uuid(), owner)
}
