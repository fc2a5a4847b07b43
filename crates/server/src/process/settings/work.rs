//! How jobs are worked, and how much at once.

use std::{num::NonZeroUsize, thread::available_parallelism};

use chrono::TimeDelta;
use clap::Args;
use skills::tools::sandbox;

/// How jobs are worked.
#[derive(Args, Clone, Debug)]
pub struct Work {
    /// Short jobs at once [default: two for each processor]
    #[arg(long, env = "STEWARD_JOB_SLOTS", value_name = "N")]
    pub job_slots: Option<NonZeroUsize>,

    /// Investigations at once
    #[arg(long, env = "STEWARD_RUN_SLOTS", value_name = "N", default_value_t = 8)]
    pub run_slots: usize,

    /// Deliveries at once, each to another receiver
    #[arg(long, env = "STEWARD_NOTIFY_SLOTS", value_name = "N", default_value_t = 16)]
    pub notify_slots: usize,

    /// Programs of tools that run at once, of one organization half as many [default: two for each processor, at
    /// least 8]
    #[arg(long, env = "STEWARD_SANDBOX_SLOTS", value_name = "N")]
    pub sandbox_slots: Option<NonZeroUsize>,

    /// How long a job is held without a sign of life from its worker, in seconds
    #[arg(long, env = "STEWARD_JOB_LEASE", value_name = "SECONDS", default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(3..=3600))]
    pub job_lease: u64,

    /// Drop events and audit lines after this many days; 0 keeps them
    #[arg(long, env = "STEWARD_RETENTION_DAYS", value_name = "DAYS", default_value_t = 0)]
    pub retention_days: u32,

    /// What is started for them: no setting, but what a test puts in the place of its own program.
    #[arg(skip)]
    pub sandbox_executable: Option<sandbox::Executable>,
}

impl Work {
    /// How long events and audit lines of all organizations are kept.
    pub(crate) fn retention(&self) -> Option<TimeDelta> {
        (self.retention_days > 0).then(|| TimeDelta::days(self.retention_days.into()))
    }

    /// More of them at once would only take processors away from ingest: they wait for nothing but the database.
    pub fn job_slots(&self) -> usize {
        self.job_slots.map_or_else(|| 2 * processors(), NonZeroUsize::get)
    }

    /// Most programs wait for an answer from outside, so they may outnumber the processors.
    pub fn sandbox(&self) -> sandbox::Options {
        let slots = self.sandbox_slots.map_or_else(|| (2 * processors()).max(8), NonZeroUsize::get);
        let executable = self.sandbox_executable.clone().unwrap_or_default();
        sandbox::Options { slots, executable, ..sandbox::Options::default() }
    }
}

fn processors() -> usize {
    available_parallelism().map_or(2, NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};

    use super::Work;

    fn slots(arguments: &[&str]) -> usize {
        let command =
            Work::augment_args(Command::new("steward")).mut_args(|argument| argument.env(None::<&str>));
        let matches = command.try_get_matches_from([&["steward"], arguments].concat()).unwrap();
        Work::from_arg_matches(&matches).unwrap().sandbox().slots
    }

    #[test]
    fn the_sandbox_has_the_slots_it_is_given_and_else_at_least_eight() {
        assert_eq!(slots(&["--sandbox-slots", "3"]), 3);
        assert!(slots(&[]) >= 8);
    }
}
