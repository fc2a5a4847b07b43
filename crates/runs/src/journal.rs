//! The durable record of a run: what was done is never done again.
//!
//! A worker opens the journal with the fence of its claim; from then on no worker with an older claim can write.
//! Work happens outside any transaction. Its result is recorded in one: the step, what the worker needs to go
//! on, what the model cost, and the event. A run that is taken up after a crash finds the recorded steps by
//! their keys and goes on behind them, so at most the one piece of work that was under way is repeated.
//! The conclusion, the end of the run and the end of its job are one commit, hence there is exactly one.

use std::time::Duration;

use kernel::{Error, Result};
use llm::Usage;
use platform::{
    db::TenantTx,
    jobs::{JobContext, Progress},
    record::Subject,
    secrets::{self, Erasable, Keyring, Readable, SubjectKey},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use skills::SkillId;

use super::{
    bounds::without_nul,
    model::{Conclusion, Mode, Step, StepKind},
    model_mode::Talk,
    sealed,
    store::{self, RunRow},
};
use crate::{
    RunId, StepId,
    events::{self, RunConcluded, RunFailed, RunStepRecorded},
};

/// A step that is to be recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Names the work within the run.
    pub key: String,
    pub kind: StepKind,
    pub content: String,
    pub metadata: Value,
    pub duration_ms: Option<i64>,
}

/// The skill that a run follows, as it was when the run began: editing it changes the next run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    pub id: SkillId,
    pub name: String,
    pub sop: String,
}

/// What a worker needs besides the steps to take a run up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    pub skill: Option<Followed>,
    pub talk: Option<Talk>,
}

/// How a run is pursued.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub skill: Option<SkillId>,
    pub mode: Mode,
    pub model: Option<String>,
}

/// A call of a model that is to be paid for.
#[derive(Clone, Debug)]
pub struct Charge {
    pub model: String,
    pub usage: Usage,
}

/// What is recorded besides a step.
#[derive(Debug, Default)]
pub struct Aside {
    pub course: Option<Course>,
    pub charge: Option<Charge>,
}

/// Why a worker stops before the end of a run.
#[derive(Debug)]
pub enum Stop {
    /// The run ended, or a later claim holds it: there is nothing left to do.
    Superseded,
    /// The server stops or the lease is lost: the run goes on where it is, in another worker.
    Interrupted,
    /// The model may answer later, after this time if it said so.
    ModelBusy {
        detail: String,
        after: Option<Duration>,
    },
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        if error.code().0 == "lease_lost" { Self::Superseded } else { Self::Failed(error) }
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The outcome of a piece of a run.
pub type Pursued<T> = Result<T, Stop>;

/// One worker's hold on a run.
pub struct Journal {
    context: JobContext,
    run: RunRow,
    /// What the run was given.
    input: Value,
    /// Seals what is recorded.
    key: SubjectKey,
    steps: Vec<Step>,
    /// Saved with whatever is recorded next.
    pub memory: Memory,
    /// The memory as it is stored.
    saved: Memory,
}

impl Journal {
    /// Takes a run over. None when it ended, a later claim holds it or its subject was erased: there is nothing to do then.
    pub async fn open(context: JobContext, keyring: &Keyring, id: RunId) -> Result<Option<Self>> {
        let mut tx = context.tx().await?;
        let Some(held) = store::take_over(&mut tx, id, context.fence).await? else { return Ok(None) };
        let run = held.run;
        let subject = Erasable { kind: &run.subject_type, id: run.subject_id };
        let Some(key) = secrets::subject_key(&mut tx, keyring, subject).await? else { return Ok(None) };
        let readable = Readable::With(key);
        let steps = sealed::steps(&mut tx, &readable, id).await?;
        tx.commit().await?;
        let of = |column| (column, id.uuid());
        let input = sealed::open(&readable, of(sealed::INPUT), (held.input, held.sealed_input.as_deref()))?;
        let memory: Option<Memory> =
            sealed::open(&readable, of(sealed::MEMORY), (held.memory, held.sealed_memory.as_deref()))?;
        let (Readable::With(key), memory) = (readable, memory.unwrap_or_default()) else { return Ok(None) };
        let input = input.unwrap_or_default();
        Ok(Some(Self { context, run, input, key, steps, saved: memory.clone(), memory }))
    }

    pub const fn run(&self) -> &RunRow {
        &self.run
    }

    pub const fn input(&self) -> &Value {
        &self.input
    }

    pub const fn context(&self) -> &JobContext {
        &self.context
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The number that the next step gets.
    pub fn next_seq(&self) -> i32 {
        self.steps.last().map_or(1, |step| step.seq + 1)
    }

    pub fn recorded(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// The recorded step of this key, or else the work and its record.
    pub async fn step<F, E>(&mut self, key: &str, work: impl FnOnce() -> F) -> Pursued<Step>
    where
        F: Future<Output = Result<Entry, E>>,
        Stop: From<E>,
    {
        if let Some(step) = self.recorded(key) {
            return Ok(step.clone());
        }
        self.stop_if_cancelled()?;
        let entry = work().await?;
        self.record(entry, Aside::default()).await
    }

    /// Stops between two pieces of work when the server stops or the lease is lost.
    pub fn stop_if_cancelled(&self) -> Pursued<()> {
        if self.context.cancelled.is_cancelled() { Err(Stop::Interrupted) } else { Ok(()) }
    }

    /// A transaction in which this worker alone may write to the run, and the number of the step that it adds.
    async fn hold_for_step(&self) -> Pursued<(TenantTx, i32)> {
        let mut tx = self.context.tx().await?;
        let seq = store::hold_for_step(&mut tx, self.run.id, self.context.fence).await?;
        Ok((tx, seq.ok_or(Stop::Superseded)?))
    }

    /// Records a step with the memory.
    pub async fn record(&mut self, entry: Entry, aside: Aside) -> Pursued<Step> {
        let (mut tx, seq) = self.hold_for_step().await?;
        let step = self.write_step(&mut tx, seq, entry).await?;
        self.write_aside(&mut tx, &aside).await?;
        let done = u64::try_from(seq).unwrap_or_default();
        let progress = Progress { done, total: None, note: "steps".into() };
        self.context.progress(&mut tx, &progress).await?;
        tx.commit().await?;
        self.saved = self.memory.clone();
        self.steps.push(step.clone());
        Ok(step)
    }

    /// Records what is no step: the memory, and what a call of the model cost.
    pub async fn checkpoint(&mut self, aside: Aside) -> Pursued<()> {
        let mut tx = self.context.tx().await?;
        if !store::hold(&mut tx, self.run.id, self.context.fence).await? {
            return Err(Stop::Superseded);
        }
        self.write_aside(&mut tx, &aside).await?;
        tx.commit().await?;
        self.saved = self.memory.clone();
        Ok(())
    }

    /// Ends the run and its job with a conclusion.
    pub async fn conclude(self, content: String, conclusion: &Conclusion) -> Pursued<()> {
        let (mut tx, seq) = self.hold_for_step().await?;
        let output = without_nul(serde_json::to_value(conclusion)?);
        let kind = StepKind::Conclusion;
        let entry =
            Entry { key: "conclusion".into(), kind, content, metadata: output.clone(), duration_ms: None };
        self.write_step(&mut tx, seq, entry).await?;
        self.write_aside(&mut tx, &Aside::default()).await?;
        let sealed = sealed::seal(&self.key, sealed::OUTPUT, self.run.id.uuid(), &output)?;
        store::succeed(&mut tx, self.run.id, conclusion.verdict_name(), &sealed).await?;
        let payload = RunConcluded {
            run_id: self.run.id,
            subject_type: self.run.subject_type.clone(),
            subject_id: self.run.subject_id,
            skill_id: self.memory.skill.as_ref().map(|skill| skill.id),
            verdict: conclusion.verdict,
        };
        tx.emit::<RunConcluded>(self.subject(), &payload).await?;
        Ok(self.context.finish(tx).await?)
    }

    const fn subject(&self) -> Subject {
        events::run(self.run.id, self.run.node_id)
    }

    async fn write_step(&self, tx: &mut TenantTx, seq: i32, mut entry: Entry) -> Result<Step> {
        // tools and models may write what PostgreSQL cannot store
        entry.content = entry.content.replace('\0', "");
        entry.metadata = without_nul(entry.metadata);
        let step = Step {
            id: StepId::new(tx.now()),
            seq,
            key: entry.key,
            kind: entry.kind,
            content: entry.content,
            metadata: entry.metadata,
            duration_ms: entry.duration_ms,
            created_at: tx.now(),
        };
        let sealed = sealed::seal(&self.key, sealed::STEP, step.id.uuid(), &(&step.content, &step.metadata))?;
        store::insert_step(tx, self.run.id, &step, &sealed).await?;
        let payload = RunStepRecorded {
            run_id: self.run.id,
            subject_type: self.run.subject_type.clone(),
            subject_id: self.run.subject_id,
            seq,
            kind: step.kind,
        };
        tx.emit::<RunStepRecorded>(self.subject(), &payload).await?;
        Ok(step)
    }

    async fn write_aside(&self, tx: &mut TenantTx, aside: &Aside) -> Result<()> {
        let id = self.run.id;
        if let Some(course) = &aside.course {
            store::set_course(tx, id, course.skill, course.mode, course.model.as_deref()).await?;
        }
        if let Some(charge) = &aside.charge {
            store::charge(tx, id, &charge.model, charge.usage).await?;
        }
        if self.memory != self.saved {
            let sealed = sealed::seal(&self.key, sealed::MEMORY, id.uuid(), &self.memory)?;
            store::save_memory(tx, id, &sealed).await?;
        }
        Ok(())
    }
}

/// Gives a run up: it failed, and its subject is told so. Its job ends with it.
pub async fn fail(context: &JobContext, id: RunId, error: &str) -> Result<()> {
    let mut tx = context.tx().await?;
    fail_in(&mut tx, id, context.fence, error).await?;
    context.finish(tx).await
}

/// Fails a run unless it ended or a later claim holds it; answers whether it did.
pub async fn fail_in(tx: &mut TenantTx, id: RunId, fence: i64, error: &str) -> Result<bool> {
    let error = error.replace('\0', "");
    let Some(ended) = store::fail(tx, id, fence, &error).await? else { return Ok(false) };
    let (subject_type, subject_id) = (ended.subject_type, ended.subject_id);
    let payload = RunFailed { run_id: id, subject_type, subject_id };
    tx.emit::<RunFailed>(events::run(id, ended.node_id), &payload).await?;
    Ok(true)
}
