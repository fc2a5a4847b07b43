//! Workers that die, stop and come back late.

use std::collections::BTreeSet;

use platform::jobs::{Outcome, run_due};
use serde_json::{Value, json};

use super::{
    super::{
        execute::{ExecuteRun, execute_run},
        journal::{self, Aside, Entry, Journal, Stop},
        model::{Conclusion, StepKind},
    },
    fixture::{CRASH_LOOP, Fixture, kinds, new_run, stopping},
};
use crate::RunId;

const WHOLE: [&str; 4] = ["skill_matched", "tool_called", "tool_called", "conclusion"];

/// Waits until a run has this many steps.
async fn recorded(fixture: &Fixture, id: RunId, steps: usize) {
    while kinds(&fixture.shown(id).await).len() < steps {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_dies_in_a_call_is_followed_by_one_that_repeats_this_call_only() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    let id = fixture.start(new_run()).await;
    fixture.target.hold("deploys");
    let registry = fixture.registry();
    tokio::select! {
        _ = run_due(&fixture.db.db, &registry) => panic!("the second tool does not answer"),
        () = fixture.target.called("deploys", 1) => {}
    }
    let left = fixture.shown(id).await;
    assert_eq!((&left["status"], kinds(&left)), (&json!("running"), WHOLE[..2].to_vec()));

    fixture.target.release();
    fixture.lose_leases().await;
    fixture.work().await;
    let run = fixture.shown(id).await;
    assert_eq!((&run["status"], kinds(&run)), (&json!("succeeded"), WHOLE.to_vec()));
    assert_eq!(run["output"]["verdict"], "real");
    assert_eq!((fixture.target.hits("restarts"), fixture.target.hits("deploys")), (1, 2));
    assert_eq!(fixture.events("run.concluded.v1").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_step_was_the_last_nothing_recorded_is_done_again() {
    for steps in 1..WHOLE.len() {
        let fixture = Fixture::new().await;
        fixture.skill(CRASH_LOOP).await;
        let id = fixture.start(new_run()).await;
        let registry = fixture.registry();
        tokio::select! {
            _ = run_due(&fixture.db.db, &registry) => {}
            () = recorded(&fixture, id, steps) => {}
        }
        let tools = tools_of(&fixture.shown(id).await);
        let hits: Vec<_> = tools.iter().map(|tool| fixture.target.hits(tool)).collect();
        fixture.lose_leases().await;
        fixture.work().await;

        assert_eq!(tools.iter().map(|tool| fixture.target.hits(tool)).collect::<Vec<_>>(), hits);
        let run = fixture.shown(id).await;
        assert_eq!((&run["status"], kinds(&run)), (&json!("succeeded"), WHOLE.to_vec()), "{run:#}");
        assert_eq!(fixture.events("run.concluded.v1").await.len(), 1);
        assert_eq!(fixture.events("run.step_recorded.v1").await.len(), WHOLE.len());
        assert_eq!(fixture.org.count("jobs").await, 0);
    }
}

fn tools_of(run: &Value) -> BTreeSet<String> {
    let steps = run["steps"].as_array().unwrap().iter();
    steps.filter_map(|step| step["metadata"]["tool"].as_str()).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_worker_that_lost_its_claim_can_no_longer_write() {
    let fixture = Fixture::new().await;
    let id = fixture.start(new_run()).await;
    let (first, second) = (fixture.claim().await, fixture.claim().await);
    let keyring = &fixture.deps.app.keyring;
    let mut stale = Journal::open(first.clone(), keyring, id).await.unwrap().unwrap();
    let mut holder = Journal::open(second, keyring, id).await.unwrap().unwrap();

    assert!(matches!(stale.record(thought("a"), Aside::default()).await, Err(Stop::Superseded)));
    assert!(matches!(stale.checkpoint(Aside::default()).await, Err(Stop::Superseded)));
    let conclusion = Conclusion::undetermined("too late");
    assert!(matches!(stale.conclude(String::new(), &conclusion).await, Err(Stop::Superseded)));
    assert_eq!(journal::fail(&first, id, "too late").await.unwrap_err().code().0, "lease_lost");
    assert!(Journal::open(first, keyring, id).await.unwrap().is_none());

    assert_eq!(holder.record(thought("b"), Aside::default()).await.unwrap().seq, 1);
    assert_eq!(fixture.shown(id).await["status"], "running");
    assert_eq!(fixture.org.count("run_steps").await, 1);
}

#[tokio::test]
async fn a_run_is_concluded_with_its_job_or_not_at_all() {
    let fixture = Fixture::new().await;
    let id = fixture.start(new_run()).await;
    let holder = Journal::open(fixture.claim().await, &fixture.deps.app.keyring, id).await.unwrap().unwrap();
    fixture.sql("update jobs set fence = fence + 1").await;
    let concluded = holder.conclude(String::new(), &Conclusion::undetermined("late")).await;
    assert!(matches!(concluded, Err(Stop::Superseded)));
    assert_eq!(
        (fixture.org.count("run_steps").await, fixture.events("run.concluded.v1").await.len()),
        (0, 0)
    );
    assert_eq!(fixture.shown(id).await["status"], "running");
}

#[tokio::test]
async fn what_postgres_cannot_store_is_left_out() {
    let fixture = Fixture::new().await;
    let id = fixture.start(new_run()).await;
    let mut journal =
        Journal::open(fixture.claim().await, &fixture.deps.app.keyring, id).await.unwrap().unwrap();
    let entry = Entry { content: "a\0b".into(), metadata: json!({ "c\0": "d\0" }), ..thought("nul") };
    let step = journal.record(entry, Aside::default()).await.unwrap();
    assert_eq!((step.content.as_str(), step.metadata), ("ab", json!({ "c": "d" })));
}

#[tokio::test]
async fn a_server_that_stops_costs_no_attempt() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    let id = fixture.start(new_run()).await;
    // as often as would use up every attempt
    run_due(&fixture.db.db, &stopping(&fixture.deps, 7)).await.unwrap();
    let run = fixture.shown(id).await;
    assert_eq!((&run["status"], kinds(&run)), (&json!("succeeded"), WHOLE.to_vec()));
}

#[tokio::test]
async fn a_call_ends_when_its_job_is_cancelled_and_is_made_again() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    let id = fixture.start(new_run()).await;
    fixture.target.hold("deploys");
    let context = fixture.claim().await;
    let run = execute_run(fixture.deps.clone(), ExecuteRun { run_id: id }, context.clone());
    let stop = async {
        fixture.target.called("deploys", 1).await;
        context.cancelled.cancel();
    };
    let (handled, ()) = tokio::join!(run, stop);
    assert!(matches!(handled, Ok(Outcome::Snooze(_))), "{handled:?}");
    assert_eq!(kinds(&fixture.shown(id).await), WHOLE[..2]);

    fixture.target.release();
    fixture.lose_leases().await;
    fixture.work().await;
    let run = fixture.shown(id).await;
    assert_eq!((&run["status"], kinds(&run)), (&json!("succeeded"), WHOLE.to_vec()));
    assert_eq!((fixture.target.hits("restarts"), fixture.target.hits("deploys")), (1, 2));
}

fn thought(key: &str) -> Entry {
    Entry {
        key: key.into(),
        kind: StepKind::Reasoning,
        content: "hm".into(),
        metadata: json!({}),
        duration_ms: None,
    }
}
