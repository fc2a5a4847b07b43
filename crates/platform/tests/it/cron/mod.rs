//! What may happen to a periodic task in each of its states: the table of docs/cron.md, a test for each cell that does something.

mod fixture;

use std::time::Duration;

use chrono::TimeDelta;
use fixture::{AFTER_THE_LEASE, Call, Calls, End, MINUTE, PACE, Process, change, task};
use platform::jobs::{
    Cron,
    cron::{CronOutcome, Pace},
};
use testkit::{TestDb, Way};

/// A database, a process with one task of every minute, and that task's turns.
async fn one_task() -> (TestDb, Cron, Process, Calls) {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let calls = task(&mut cron, MINUTE, "tick");
    let process = Process::start(&db, &cron, "one");
    (db, cron, process, calls)
}

/// [`one_task`], at its first turn.
async fn at_work() -> (TestDb, Cron, Process, Calls, Call) {
    let (db, cron, process, mut calls) = one_task().await;
    let call = calls.next().await;
    (db, cron, process, calls, call)
}

/// A task that is due whenever its process looks after time has passed.
fn looks(cron: &mut Cron) -> Calls {
    task(cron, TimeDelta::milliseconds(1), "looks")
}

#[tokio::test]
async fn a_due_task_fires_once_a_period_whichever_process_is_first() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let mut calls = task(&mut cron, MINUTE, "tick");
    let processes = ["one", "two", "three"].map(|name| Process::start(&db, &cron, name));
    for turn in 0..10 {
        let call = calls.next().await;
        assert!(calls.are_none(), "turn {turn} is one process's");
        call.end(End::Well);
        processes[0].shows("tick", |state| state.holder.is_none()).await;
        db.clock.advance(MINUTE);
    }
    let mut tx = db.db.system("a test counts turns").await.unwrap();
    let turns: i64 = sqlx::query_scalar("select fence from cron_tasks where name = 'tick'")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert!(turns <= 11, "{turns}");
}

#[tokio::test]
async fn what_is_fired_by_hand_is_not_due_again_before_its_time() {
    let (db, mut cron) = (TestDb::new().await, Cron::default());
    let fired = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = fired.clone();
    cron.every(MINUTE, "tick", move |_| {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::future::ready(Ok(()))
    });
    for (advance, turns) in [(TimeDelta::zero(), 1), (TimeDelta::seconds(59), 1), (TimeDelta::seconds(1), 2)]
    {
        db.clock.advance(advance);
        cron.fire_due(&db.db).await;
        assert_eq!(fired.load(std::sync::atomic::Ordering::SeqCst), turns);
    }
}

#[tokio::test]
async fn a_task_that_ends_well_says_so_and_waits_for_its_time() {
    let (db, _, process, _calls, call) = at_work().await;
    let running = process.shows("tick", |state| state.holder.is_some()).await;
    assert_eq!((running.holder.as_deref(), running.last_outcome), (Some("one"), None));
    db.clock.advance(TimeDelta::seconds(7));
    call.end(End::Well);
    let ended = process.shows("tick", |state| state.holder.is_none()).await;
    assert_eq!(
        (ended.last_outcome, ended.last_error, ended.failures),
        (Some(CronOutcome::Succeeded), None, 0)
    );
    let started = ended.last_started_at.unwrap();
    assert_eq!(ended.next_at, started + MINUTE, "counted from where it began");
    assert_eq!(ended.last_finished_at.unwrap() - started, TimeDelta::seconds(7));
    assert_eq!(ended.success_age_seconds, Some(0.0));
}

#[tokio::test]
async fn a_long_task_keeps_its_lease_and_delays_no_other() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let mut long = task(&mut cron, MINUTE, "long");
    let mut short = task(&mut cron, TimeDelta::seconds(1), "short");
    let _processes = ["one", "two"].map(|name| Process::start(&db, &cron, name));
    let call = long.next().await;
    for _ in 0..10 {
        short.next().await.end(End::Well);
        db.clock.advance(TimeDelta::seconds(10));
        // Renewed before more time passes than a lease lasts.
        let query = "update cron_tasks set failures = 0
            where name = 'long' and lease_until >= database_time() + interval '15 seconds'";
        fixture::soon(async { while change(&db, query).await == 0 {} }).await;
    }
    assert!(call.is_going_on() && long.are_none(), "it is still at its first turn");
}

#[tokio::test]
async fn a_task_that_overruns_its_time_fires_once_when_it_is_done() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let mut calls = task(&mut cron, MINUTE, "tick");
    let mut looks = looks(&mut cron);
    let process = Process::start(&db, &cron, "one");
    let first = calls.next().await;
    for _ in 0..18 {
        db.clock.advance(TimeDelta::seconds(10));
        looks.next().await.end(End::Well);
    }
    assert!(first.is_going_on() && calls.are_none(), "three minutes later it is at its first turn");
    first.end(End::Well);
    calls.next().await.end(End::Well);
    process.shows("tick", |state| state.holder.is_none()).await;
    db.clock.advance(TimeDelta::seconds(10));
    looks.next().await.end(End::Well);
    assert!(calls.are_none(), "what was missed is made up for once");
}

#[tokio::test]
async fn a_task_that_fails_waits_for_its_next_turn_and_success_forgets_the_failures() {
    let (db, _, process, mut calls, call) = at_work().await;
    call.end(End::Badly);
    for failures in 1..=2 {
        let failed = process.shows("tick", |state| state.failures == failures).await;
        assert_eq!(failed.last_outcome, Some(CronOutcome::Failed));
        assert!(failed.last_error.unwrap().contains("the test wants it so"));
        assert_eq!((failed.success_age_seconds, failed.holder), (None, None));
        db.clock.advance(MINUTE);
        calls.next().await.end(if failures == 1 { End::Badly } else { End::Well });
    }
    let ended = process.shows("tick", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
    assert_eq!((ended.failures, ended.last_error), (0, None));
}

#[tokio::test]
async fn a_panic_ends_its_task_and_no_other() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let [mut bad, mut good] = ["bad", "good"].map(|name| task(&mut cron, MINUTE, name));
    cron.every(MINUTE, "worse", |_| -> std::future::Ready<kernel::Result<()>> { panic!("before it began") });
    let process = Process::start(&db, &cron, "one");
    let other = good.next().await;
    bad.next().await.end(End::Panic);
    for (name, said) in [("bad", "the test wants a panic"), ("worse", "before it began")] {
        let ended = process.shows(name, |state| state.last_outcome.is_some()).await;
        assert_eq!(
            (ended.last_outcome, ended.last_error.as_deref()),
            (Some(CronOutcome::Panicked), Some(said))
        );
    }
    other.end(End::Well);
    process.shows("good", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
    db.clock.advance(MINUTE);
    bad.next().await.end(End::Well);
    process.shows("bad", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
}

#[tokio::test]
async fn what_a_killed_process_had_at_work_is_taken_over_after_its_lease() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let mut calls = task(&mut cron, TimeDelta::hours(1), "tick");
    let mut one = Process::start(&db, &cron, "one");
    let mut call = calls.next().await;
    one.kill().await;
    call.is_stopped().await;
    let mut looks = looks(&mut cron);
    let two = Process::start(&db, &cron, "two");
    db.clock.advance(TimeDelta::seconds(14));
    looks.next().await.end(End::Well);
    assert!(calls.are_none(), "the lease is not over");
    db.clock.advance(AFTER_THE_LEASE);
    let call = calls.next().await;
    let taken = two.shows("tick", |state| state.holder.as_deref() == Some("two")).await;
    assert_eq!(taken.last_outcome, Some(CronOutcome::Lost));
    assert_eq!(taken.last_error.as_deref(), Some("the process one went away"));
    call.end(End::Well);
    two.shows("tick", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
}

#[tokio::test]
async fn a_process_that_ends_hands_back_what_it_had_at_work() {
    let (db, cron, mut one, mut calls, mut call) = at_work().await;
    one.end().await;
    call.is_stopped().await;
    let two = Process::start(&db, &cron, "two");
    calls.next().await.end(End::Well);
    two.shows("tick", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
}

#[tokio::test]
async fn a_task_whose_lease_another_process_took_is_stopped_and_its_end_is_not_written() {
    let (db, _, process, mut calls, mut call) = at_work().await;
    let query = "update cron_tasks set holder = 'other', fence = fence + 1 where name = 'tick'";
    assert_eq!(change(&db, query).await, 1);
    call.is_stopped().await;
    let taken = process.shows("tick", |_| true).await;
    assert_eq!((taken.holder.as_deref(), taken.last_outcome), (Some("other"), None));
    assert!(calls.are_none());
}

#[tokio::test]
async fn a_process_that_cannot_renew_a_lease_stops_its_task_when_the_lease_is_over() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(Pace { lease: Duration::from_millis(500), ..PACE }));
    let mut calls = task(&mut cron, MINUTE, "tick");
    let mut gateway = db.gateway().await;
    let _process = Process::over(db.through(&gateway).await, &cron, "one");
    let mut call = calls.next().await;
    gateway.make(Way::Closed).await;
    call.is_stopped().await;
}

#[tokio::test]
async fn a_task_that_is_in_no_code_is_not_shown_and_its_row_goes_after_a_month() {
    let (db, _, mut process, _calls, call) = at_work().await;
    call.end(End::Well);
    process.shows("tick", |state| state.last_outcome.is_some()).await;
    process.end().await;
    let rows = "update cron_tasks set failures = failures where name = 'tick'";
    let mut newer = Cron::at(PACE);
    let _calls = task(&mut newer, MINUTE, "tock");
    for (days, left) in [(0, 1), (29, 1), (2, 0)] {
        db.clock.advance(TimeDelta::days(days));
        Cron::at(PACE).fire_due(&db.db).await;
        assert_eq!(change(&db, rows).await, left, "{days}");
        assert!(newer.states(&db.db).await.unwrap().iter().all(|state| state.name != "tick"));
    }
}

#[tokio::test]
async fn what_was_missed_while_nobody_ran_is_made_up_for_once() {
    let (db, cron, mut process, mut calls, call) = at_work().await;
    call.end(End::Well);
    process.shows("tick", |state| state.holder.is_none()).await;
    process.end().await;
    db.clock.advance(TimeDelta::days(1));
    let process = Process::start(&db, &cron, "two");
    calls.next().await.end(End::Well);
    let ended = process.shows("tick", |state| state.holder.is_none()).await;
    assert_eq!(ended.next_at, ended.last_started_at.unwrap() + MINUTE);
    assert!(calls.are_none());
}

#[tokio::test]
async fn a_clock_that_goes_back_delays_a_task_by_no_more_than_its_period() {
    let (db, _, process, mut calls, call) = at_work().await;
    call.end(End::Well);
    process.shows("tick", |state| state.holder.is_none()).await;
    db.clock.advance(-TimeDelta::days(1));
    process
        .shows("tick", |state| state.next_at == testkit::start_of_time() - TimeDelta::days(1) + MINUTE)
        .await;
    db.clock.advance(MINUTE);
    calls.next().await.end(End::Well);
}

#[tokio::test]
async fn a_clock_that_goes_back_delays_nobody_who_takes_over_from_a_dead_process() {
    let (db, cron, mut one, mut calls, mut call) = at_work().await;
    one.kill().await;
    call.is_stopped().await;
    db.clock.advance(-TimeDelta::days(1));
    let two = Process::start(&db, &cron, "two");
    let straight = "update cron_tasks set failures = failures
        where name = 'tick' and lease_until <= database_time() + interval '15 seconds'";
    fixture::soon(async { while change(&db, straight).await == 0 {} }).await;
    db.clock.advance(AFTER_THE_LEASE);
    calls.next().await.end(End::Well);
    two.shows("tick", |state| state.last_outcome == Some(CronOutcome::Succeeded)).await;
}

#[tokio::test]
async fn a_clock_that_goes_forward_stops_nothing_that_its_process_still_renews() {
    let (db, mut cron) = (TestDb::new().await, Cron::at(PACE));
    let mut calls = task(&mut cron, MINUTE, "tick");
    let mut looks = looks(&mut cron);
    let _process = Process::start(&db, &cron, "one");
    let call = calls.next().await;
    db.clock.advance(TimeDelta::days(1));
    for _ in 0..3 {
        looks.next().await.end(End::Well);
        db.clock.advance(TimeDelta::seconds(1));
    }
    assert!(call.is_going_on() && calls.are_none());
}
