//! The queue: nothing lost, nothing at the same time, nobody starved.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use kernel::{Error, OrgId, PageQuery};
use platform::{
    dead_letters,
    jobs::{self, DEAD_JOBS, Failure, JobContext, NewJob, Outcome, Queue, Registry, Worker},
};
use serde_json::{Value, json};
use testkit::{TestDb, TestOrg};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// What handlers saw, in order.
type Seen = Arc<Mutex<Vec<(OrgId, Value)>>>;

fn recording(kind: &'static str) -> (Registry, Seen) {
    let seen = Seen::default();
    let mut registry = Registry::default();
    let log = seen.clone();
    registry.add(kind, move |args: Value, context: JobContext| {
        log.lock().unwrap().push((context.org, args));
        std::future::ready(Ok(Outcome::Done))
    });
    (registry, seen)
}

fn values(seen: &Seen) -> Vec<Value> {
    seen.lock().unwrap().iter().map(|(_, value)| value.clone()).collect()
}

async fn enqueue(org: &TestOrg, jobs: Vec<NewJob>) {
    let mut tx = org.tx().await;
    tx.enqueue_all(jobs).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_job_exists_only_if_its_transaction_commits() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, seen) = recording("greet");
    let mut tx = org.tx().await;
    tx.enqueue(NewJob::new("greet", json!("rolled back"))).await.unwrap();
    drop(tx);
    enqueue(&org, vec![NewJob::new("greet", json!("committed"))]).await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 1);
    assert_eq!(values(&seen), [json!("committed")]);
    assert_eq!(org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_job_waits_for_its_time_and_a_unique_one_is_enqueued_once() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, seen) = recording("greet");
    let later = NewJob {
        run_at: Some(testkit::start_of_time() + TimeDelta::minutes(5)),
        unique_key: Some("hello".into()),
        ..NewJob::new("greet", json!(1))
    };
    enqueue(&org, vec![later.clone()]).await;
    enqueue(&org, vec![later]).await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 0);
    db.clock.advance(TimeDelta::minutes(5));
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 1);
    assert_eq!(values(&seen), [json!(1)]);
}

#[tokio::test]
async fn a_failing_job_is_retried_with_its_history_and_then_becomes_a_dead_letter_that_can_be_replayed() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let works = Arc::new(Mutex::new(false));
    let mut registry = Registry::default();
    let gate = works.clone();
    registry.add("call", move |_: Value, _| {
        let works = *gate.lock().unwrap();
        std::future::ready(if works {
            Ok(Outcome::Done)
        } else {
            Err(Error::internal("the peer is down").into())
        })
    });
    enqueue(&org, vec![NewJob { max_attempts: 2, ..NewJob::new("call", json!({})) }]).await;
    jobs::run_due(&db.db, &registry).await.unwrap();
    assert_eq!(org.count("jobs").await, 1);
    db.clock.advance(TimeDelta::minutes(10));
    jobs::run_due(&db.db, &registry).await.unwrap();
    assert_eq!((org.count("jobs").await, org.count("dead_letters").await), (0, 1));

    let mut tx = org.tx().await;
    let dead = dead_letters::list(&mut tx, &PageQuery::default(), false).await.unwrap().items.remove(0);
    assert_eq!((&*dead.source, &*dead.event_type, dead.retry_count), ("job", "call", 1));
    assert_eq!(dead.errors.as_array().unwrap().len(), 2);
    assert!(dead.errors[0]["error"].as_str().unwrap().contains("the peer is down"));
    dead_letters::replay(&mut tx, &[DEAD_JOBS], dead.id).await.unwrap();
    tx.commit().await.unwrap();
    *works.lock().unwrap() = true;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 1);
    assert_eq!(org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_job_that_dies_again_after_a_replay_is_a_dead_letter_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut registry = Registry::default();
    registry.add("call", |_: Value, _| std::future::ready(Err(Failure::Dead { error: "no".into() })));
    enqueue(&org, vec![NewJob::new("call", json!({}))]).await;
    for _ in 0..2 {
        jobs::run_due(&db.db, &registry).await.unwrap();
        let mut tx = org.tx().await;
        let dead = dead_letters::list(&mut tx, &PageQuery::default(), false).await.unwrap().items.remove(0);
        assert!(dead.processed_at.is_none());
        dead_letters::replay(&mut tx, &[DEAD_JOBS], dead.id).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_lane_runs_in_order_and_one_that_waits_delays_no_other() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let seen = Seen::default();
    let mut registry = Registry::default();
    let log = seen.clone();
    registry.add("tell", move |args: Value, context: JobContext| {
        let slow = args == json!("slow 1") && context.attempt == 1;
        if !slow {
            log.lock().unwrap().push((context.org, args));
        }
        let failure = || Failure::Retry { error: "429".into(), after: Some(Duration::from_secs(30)) };
        std::future::ready(if slow { Err(failure()) } else { Ok(Outcome::Done) })
    });
    let lane =
        |lane: &str, text: &str| NewJob { lane: Some(lane.into()), ..NewJob::new("tell", json!(text)) };
    enqueue(&org, vec![lane("a", "slow 1"), lane("b", "fast 1"), lane("a", "slow 2"), lane("b", "fast 2")])
        .await;
    jobs::run_due(&db.db, &registry).await.unwrap();
    assert_eq!(values(&seen), [json!("fast 1"), json!("fast 2")]);
    db.clock.advance(TimeDelta::seconds(30));
    jobs::run_due(&db.db, &registry).await.unwrap();
    assert_eq!(values(&seen)[2..], [json!("slow 1"), json!("slow 2")]);
}

#[tokio::test]
async fn a_flood_of_one_organization_does_not_starve_another() {
    let db = TestDb::new().await;
    let (flood, quiet) = (db.org("flood").await, db.org("quiet").await);
    let (registry, seen) = recording("greet");
    enqueue(&flood, (0..200).map(|n| NewJob::new("greet", json!(n))).collect()).await;
    enqueue(&quiet, vec![NewJob::new("greet", json!("hello"))]).await;
    jobs::run_due(&db.db, &registry).await.unwrap();
    let position = seen.lock().unwrap().iter().position(|(org, _)| *org == quiet.id).unwrap();
    assert!(position < 20, "served after {position} others");
}

#[tokio::test]
async fn the_lease_of_a_dead_worker_is_taken_over_and_its_late_writes_are_refused() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let held = Arc::new(Mutex::new(None::<JobContext>));
    let mut registry = Registry::default();
    let first = held.clone();
    registry.add("work", move |_: Value, context: JobContext| {
        let mut first = first.lock().unwrap();
        let answer = if first.is_none() { Ok(Outcome::Snooze(Duration::ZERO)) } else { Ok(Outcome::Done) };
        first.get_or_insert(context);
        std::future::ready(answer)
    });
    enqueue(&org, vec![NewJob::new("work", json!({}))]).await;
    // The first claim hands the job back; its context is now as stale as that of a worker that lost its lease.
    jobs::run_due(&db.db, &registry).await.unwrap();
    let stale = held.lock().unwrap().clone().unwrap();
    let mut tx = stale.tx().await.unwrap();
    assert_eq!(stale.finish(&mut tx).await.unwrap_err().code().0, "lease_lost");
}

/// A worker whose jobs of the kind `greet` are seen; the one that says "endless" never ends.
struct Greeter {
    seen: Seen,
    entered: Arc<Notify>,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

impl Greeter {
    fn start(db: &TestDb, slots: usize, ahead: usize) -> Self {
        let (entered, seen) = (Arc::new(Notify::new()), Seen::default());
        let mut registry = Registry::default();
        let (signal, log) = (entered.clone(), seen.clone());
        registry.add("greet", move |args: Value, context: JobContext| {
            let (signal, log) = (signal.clone(), log.clone());
            async move {
                log.lock().unwrap().push((context.org, args.clone()));
                signal.notify_one();
                if args == json!("endless") {
                    std::future::pending::<()>().await;
                }
                Ok(Outcome::Done)
            }
        });
        let options = jobs::Options {
            worker: "one".into(),
            queues: vec![Queue { name: "default", slots, ahead }],
            lease: Duration::from_secs(30),
            // A poll that never comes: only a commit's hint, or a job that ends, can wake the worker.
            poll: Duration::from_secs(3600),
            grace: Duration::ZERO,
        };
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(db.db.clone(), registry, options).run(stop.clone()));
        Self { seen, entered, stop, running }
    }

    async fn saw(&self, jobs: usize) {
        while self.seen.lock().unwrap().len() < jobs {
            self.entered.notified().await;
        }
    }

    async fn stop(self) -> Vec<Value> {
        self.stop.cancel();
        self.running.await.unwrap();
        values(&self.seen)
    }
}

#[tokio::test]
async fn a_worker_runs_what_is_committed_while_it_waits_and_hands_back_what_it_cannot_end() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let greeter = Greeter::start(&db, 4, 0);
    for (at, text) in ["short", "endless"].into_iter().enumerate() {
        enqueue(&org, vec![NewJob::new("greet", json!(text))]).await;
        greeter.saw(at + 1).await;
    }
    assert_eq!(greeter.stop().await, [json!("short"), json!("endless")]);
    assert_eq!(org.count("jobs").await, 1, "the endless one is handed back");
    assert_eq!(org.count("dead_letters").await, 0);
}

#[tokio::test]
async fn jobs_claimed_ahead_run_in_turn_and_are_handed_back_unused_when_the_process_stops() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let greet = |text: &str| NewJob::new("greet", json!(text));
    let greeter = Greeter::start(&db, 1, 8);
    enqueue(&org, ["one", "two", "three", "endless", "late"].map(greet).into()).await;
    greeter.saw(4).await;
    assert_eq!(greeter.stop().await, ["one", "two", "three", "endless"]);
    let mut tx = org.tx().await;
    let query = "select args #>> '{}', state, attempt from jobs where org_id = $1 order by id";
    let left: Vec<(String, String, i32)> =
        sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    let available = |text: &str| (text.to_owned(), "available".to_owned(), 0);
    assert_eq!(left, [available("endless"), available("late")]);
}

#[tokio::test]
async fn a_lane_goes_on_as_soon_as_its_job_has_ended() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let greet = |n: i32| NewJob { lane: Some("lane".into()), ..NewJob::new("greet", json!(n)) };
    let greeter = Greeter::start(&db, 4, 0);
    enqueue(&org, (1..=3).map(greet).collect()).await;
    greeter.saw(3).await;
    assert_eq!(greeter.stop().await, [1, 2, 3]);
}

#[tokio::test]
async fn what_was_under_way_when_the_database_was_started_anew_goes_on_at_once() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let killed = Greeter::start(&db, 1, 0);
    enqueue(&org, vec![NewJob::new("greet", json!("endless"))]).await;
    killed.saw(1).await;
    killed.running.abort();
    jobs::expire_leases(&db.db).await.unwrap();
    // The clock stands still: no lease runs out by itself.
    let next = Greeter::start(&db, 1, 0);
    next.saw(1).await;
    assert_eq!(next.stop().await, ["endless"]);
}

#[tokio::test]
async fn a_panic_in_a_handler_is_one_failed_attempt() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut registry = Registry::default();
    registry.add("break", |_: Value, _| async { panic!("a bug") });
    enqueue(&org, vec![NewJob { max_attempts: 1, ..NewJob::new("break", json!({})) }]).await;
    jobs::run_due(&db.db, &registry).await.unwrap();
    assert_eq!(org.count("dead_letters").await, 1);
}

async fn set_status(db: &TestDb, org: &TestOrg, status: &str) {
    let mut tx = db.db.system("a test suspends an organization").await.unwrap();
    let query = "update organizations set status = $2 where id = $1";
    sqlx::query(query).bind(org.id).bind(status).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_suspended_organization_waits_with_all_its_jobs_and_holds_nobody_up() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let (registry, seen) = recording("greet");
    let lane = || NewJob { lane: Some("one".into()), ..NewJob::new("greet", json!("lane")) };
    for number in 0..70 {
        let suspended = db.org(&format!("suspended-{number}")).await;
        enqueue(&suspended, vec![NewJob::new("greet", json!("suspended")), lane()]).await;
        set_status(&db, &suspended, "suspended").await;
    }
    let after = db.org("after").await;
    enqueue(&acme, vec![NewJob::new("greet", json!("acme"))]).await;
    enqueue(&after, vec![NewJob::new("greet", json!("after"))]).await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 2);
    set_status(&db, &acme, "suspended").await;
    enqueue(&acme, vec![NewJob::new("greet", json!("later")), lane()]).await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 0);
    set_status(&db, &acme, "active").await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 2);
    assert_eq!(values(&seen), [json!("acme"), json!("after"), json!("later"), json!("lane")]);
}

/// Tells when it is dropped, however that comes.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn work_under_way_ends_where_it_stands_when_its_organization_is_suspended_and_goes_on_later() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    let (started, dropped) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let mut registry = Registry::default();
    let (signals, has_begun) = ((started.clone(), dropped.clone()), Arc::new(AtomicBool::new(false)));
    registry.add("endless", move |_: Value, _: JobContext| {
        let ((started, dropped), again) = (signals.clone(), has_begun.swap(true, Ordering::Relaxed));
        async move {
            let _dropped = Dropped(dropped);
            if again {
                return Ok(Outcome::Done);
            }
            started.notify_one();
            // It does not look whether it was cancelled.
            std::future::pending().await
        }
    });
    enqueue(&acme, vec![NewJob { max_attempts: 1, ..NewJob::new("endless", json!(null)) }]).await;
    let stop = CancellationToken::new();
    let worker = Worker::new(db.db.clone(), registry, worker_options("one"));
    let running = tokio::spawn(worker.run(stop.clone()));
    started.notified().await;
    set_status(&db, &acme, "suspended").await;
    dropped.notified().await;
    assert_eq!(acme.count("jobs").await, 1);
    set_status(&db, &acme, "active").await;
    dropped.notified().await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(
        (acme.count("jobs").await, acme.count("dead_letters").await),
        (0, 0),
        "the suspension cost no attempt"
    );
}

/// A worker that looks often.
fn worker_options(worker: &str) -> jobs::Options {
    jobs::Options {
        worker: worker.into(),
        queues: vec![Queue { name: "default", slots: 4, ahead: 0 }],
        lease: Duration::from_secs(30),
        poll: Duration::from_millis(20),
        grace: Duration::ZERO,
    }
}
