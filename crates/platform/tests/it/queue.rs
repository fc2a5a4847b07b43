//! Who is served, when, and by whom: what the queue promises organizations, lanes and processes (docs/jobs.md).

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Clock, Secret, SystemClock};
use platform::{
    db::{self, Db},
    jobs::{self, Failure, JobContext, NewJob, Outcome, Queue, Registry, Worker, run_due},
};
use serde_json::{Value, json};
use testkit::{TestDb, TestOrg};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

async fn enqueue(org: &TestOrg, jobs: Vec<NewJob>) {
    let mut tx = org.tx().await;
    tx.enqueue_all(jobs).await.unwrap();
    tx.commit().await.unwrap();
}

async fn sql(db: &TestDb, statement: &'static str) -> u64 {
    let mut tx = db.db.system("a test changes rows").await.unwrap();
    let changed = sqlx::query(statement).execute(tx.conn()).await.unwrap().rows_affected();
    tx.commit().await.unwrap();
    changed
}

/// A registry whose jobs of the kind `tell` say their arguments, in order.
fn telling() -> (Registry, Arc<Mutex<Vec<Value>>>) {
    let said = Arc::new(Mutex::new(Vec::new()));
    let (log, mut registry) = (said.clone(), Registry::default());
    registry.add("tell", move |args: Value, _: JobContext| {
        log.lock().unwrap().push(args);
        std::future::ready(Ok(Outcome::Done))
    });
    (registry, said)
}

fn tell(what: impl Into<Value>) -> NewJob {
    NewJob::new("tell", what.into())
}

fn in_lane(lane: &str, what: impl Into<Value>) -> NewJob {
    NewJob { lane: Some(lane.into()), ..tell(what) }
}

/// A worker whose jobs of the kind `hold` begin, and end when they are let go.
struct Holding {
    began: Arc<Mutex<Vec<Value>>>,
    changed: Arc<Notify>,
    go: Arc<Semaphore>,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

fn hold(what: impl Into<Value>) -> NewJob {
    NewJob::new("hold", what.into())
}

impl Holding {
    fn start(db: Db, name: &str, slots: usize) -> Self {
        let (began, changed, go) =
            (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
        let mut registry = Registry::default();
        let handles = (began.clone(), changed.clone(), go.clone());
        registry.add("hold", move |args: Value, _: JobContext| {
            let (began, changed, go) = handles.clone();
            async move {
                began.lock().unwrap().push(args);
                changed.notify_one();
                go.acquire().await.unwrap().forget();
                Ok(Outcome::Done)
            }
        });
        let options = jobs::Options {
            worker: name.into(),
            queues: vec![Queue { name: "default", slots, ahead: 0 }],
            lease: Duration::from_secs(30),
            // A look that never comes again: only hints and ends wake the worker.
            poll: Duration::from_secs(3600),
            grace: Duration::ZERO,
        };
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(db, registry, options).run(stop.clone()));
        Self { began, changed, go, stop, running }
    }

    async fn began(&self, jobs: usize) -> Vec<Value> {
        loop {
            let began = self.began.lock().unwrap().clone();
            if began.len() >= jobs {
                return began;
            }
            self.changed.notified().await;
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap();
    }
}

#[tokio::test]
async fn organizations_whose_jobs_are_not_due_keep_nobody_waiting() {
    let db = TestDb::new().await;
    let (registry, said) = telling();
    let later = Some(testkit::start_of_time() + TimeDelta::hours(1));
    for number in 0..64 {
        let org = db.org(&format!("later-{number}")).await;
        enqueue(&org, vec![NewJob { run_at: later, ..tell("later") }]).await;
    }
    let due = db.org("due").await;
    enqueue(&due, (0..100).map(tell).collect()).await;
    assert_eq!(run_due(&db.db, &registry).await.unwrap(), 100);
    assert_eq!(said.lock().unwrap().len(), 100);
}

/// Waits until so many sessions wait for a lock.
async fn waiting_for_locks(db: &TestDb, sessions: i64) {
    let query = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    loop {
        let mut tx = db.db.system("a test looks who waits").await.unwrap();
        if sqlx::query_scalar::<_, i64>(query).fetch_one(tx.conn()).await.unwrap() >= sessions {
            break;
        }
    }
}

#[tokio::test]
async fn a_backlog_is_worked_off_whatever_ends_during_a_claim() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    enqueue(&org, (0..8).map(hold).collect()).await;
    let worker = Holding::start(db.db.clone(), "one", 3);
    worker.began(3).await;
    let mut lock = db.db.system("a test holds up claims").await.unwrap();
    sqlx::query("lock table jobs in exclusive mode").execute(lock.conn()).await.unwrap();
    worker.go.add_permits(1);
    // The end of the first and the claim for its slot.
    waiting_for_locks(&db, 2).await;
    worker.go.add_permits(1);
    while worker.go.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    lock.commit().await.unwrap();
    worker.began(5).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_job_that_comes_back_to_its_lane_waits_for_the_one_that_runs() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let lane = |what: &str| NewJob { lane: Some("one".into()), ..hold(what) };
    enqueue(&org, vec![lane("first")]).await;
    enqueue(&org, vec![lane("second")]).await;
    // The first is taken out of its lane, as one that was given up is, and comes back while the second runs.
    sql(&db, "create table kept as select * from jobs where args = '\"first\"'").await;
    sql(&db, "delete from jobs where args = '\"first\"'").await;
    let worker = Holding::start(db.db.clone(), "one", 4);
    assert_eq!(worker.began(1).await, ["second"]);
    sql(&db, "insert into jobs select * from kept").await;
    enqueue(&org, vec![hold("beside")]).await;
    assert_eq!(worker.began(2).await, ["second", "beside"]);
    worker.go.add_permits(2);
    assert_eq!(worker.began(3).await, ["second", "beside", "first"]);
    worker.go.add_permits(1);
    worker.stop().await;
}

#[tokio::test]
async fn lanes_take_turns_by_how_long_their_heads_have_waited() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, said) = telling();
    enqueue(&org, vec![in_lane("z", "two hours old")]).await;
    db.clock.advance(TimeDelta::hours(2));
    enqueue(&org, (0..60).map(|lane| in_lane(&format!("a{lane}"), lane)).collect()).await;
    run_due(&db.db, &registry).await.unwrap();
    let place = said.lock().unwrap().iter().position(|what| *what == json!("two hours old")).unwrap();
    assert_eq!(place, 0);
}

#[tokio::test]
async fn a_unique_job_is_enqueued_while_its_twin_runs_and_dropped_while_it_waits() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let unique = |what: &str| NewJob { unique_key: Some("look".into()), ..hold(what) };
    enqueue(&org, vec![unique("before")]).await;
    enqueue(&org, vec![unique("dropped")]).await;
    let worker = Holding::start(db.db.clone(), "one", 1);
    worker.began(1).await;
    enqueue(&org, vec![unique("after")]).await;
    enqueue(&org, vec![unique("dropped")]).await;
    worker.go.add_permits(2);
    assert_eq!(worker.began(2).await, ["before", "after"]);
    worker.stop().await;
    assert_eq!(org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_unique_job_that_is_to_be_repeated_and_one_that_came_meanwhile_are_both_done() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (tries, mut registry) = (Arc::new(Mutex::new(Vec::new())), Registry::default());
    let (log, owner) = (tries.clone(), Arc::new(org));
    let again = owner.clone();
    registry.add("look", move |args: Value, context: JobContext| {
        let (log, org) = (log.clone(), again.clone());
        async move {
            log.lock().unwrap().push((args.clone(), context.attempt));
            if args == json!("before") && context.attempt == 1 {
                enqueue(
                    &org,
                    vec![NewJob { unique_key: Some("look".into()), ..NewJob::new("look", json!("after")) }],
                )
                .await;
                return Err(Failure::Retry { error: "not now".into(), after: Some(Duration::from_secs(60)) });
            }
            Ok(Outcome::Done)
        }
    });
    let job = NewJob { unique_key: Some("look".into()), ..NewJob::new("look", json!("before")) };
    enqueue(&owner, vec![job]).await;
    run_due(&db.db, &registry).await.unwrap();
    db.clock.advance(TimeDelta::minutes(2));
    run_due(&db.db, &registry).await.unwrap();
    let tries = tries.lock().unwrap().clone();
    assert_eq!(tries, [(json!("before"), 1), (json!("after"), 1), (json!("before"), 2)]);
}

#[tokio::test]
async fn a_unique_job_is_done_after_every_transaction_that_dropped_one_in_its_favour() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, said) = telling();
    for lane in [None, Some("one".to_owned())] {
        let unique = || NewJob { unique_key: Some("look".into()), lane: lane.clone(), ..tell("look") };
        enqueue(&org, vec![unique()]).await;
        let mut open = org.tx().await;
        open.enqueue(unique()).await.unwrap();
        assert_eq!(
            run_due(&db.db, &registry).await.unwrap(),
            0,
            "what the open transaction writes is not there yet"
        );
        open.commit().await.unwrap();
        assert_eq!(run_due(&db.db, &registry).await.unwrap(), 1);
    }
    assert_eq!(said.lock().unwrap().len(), 2);
}

/// A clock that is wrong, as that of a machine whose time nobody keeps.
pub(crate) struct Wrong(pub TimeDelta);

impl Clock for Wrong {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }
}

pub(crate) async fn process(db: &TestDb, clock: impl Clock + 'static) -> Db {
    let url = Secret::new(db.url.clone());
    let options = db::Options { url, max_connections: 4, clock: Arc::new(clock), subscriptions: Vec::new() };
    Db::connect(options).await.unwrap()
}

#[tokio::test]
async fn a_process_whose_clock_is_wrong_neither_loses_its_leases_nor_takes_those_of_others() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (slow, fast) =
        (process(&db, Wrong(-TimeDelta::hours(1))).await, process(&db, Wrong(TimeDelta::hours(1))).await);
    let mut tx = slow.tenant(slow.system_scope(org.id, "test")).await.unwrap();
    tx.enqueue(hold("once")).await.unwrap();
    tx.commit().await.unwrap();
    let first = Holding::start(slow.clone(), "slow", 1);
    first.began(1).await;
    // A lane is entered when the other process has looked at everything, leases too.
    let second = Holding::start(fast.clone(), "fast", 1);
    let mut tx = fast.tenant(fast.system_scope(org.id, "test")).await.unwrap();
    tx.enqueue(NewJob { lane: Some("one".into()), ..hold("another") }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(second.began(1).await, ["another"]);
    let query = "select count(*) from jobs where state = 'running' and worker = 'slow' and attempt = 1
        and lease_until between now() + interval '20 seconds' and now() + interval '30 seconds'";
    let mut tx = slow.system("a test looks at leases").await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(query).fetch_one(tx.conn()).await.unwrap(), 1);
    drop(tx);
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn a_lane_keeps_its_order_whatever_the_clocks_of_those_who_put_jobs_into_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (fast, slow) =
        (process(&db, Wrong(TimeDelta::hours(1))).await, process(&db, Wrong(-TimeDelta::hours(1))).await);
    for (process, what) in
        [(&fast, ["first", "second"]), (&slow, ["third", "fourth"]), (&fast, ["fifth", "sixth"])]
    {
        let mut tx = process.tenant(process.system_scope(org.id, "test")).await.unwrap();
        let laned = |what: &str| in_lane("one", what);
        tx.enqueue_all(what.map(laned).into()).await.unwrap();
        tx.commit().await.unwrap();
    }
    // Within one process ids grow whatever its clock says; those of two processes are only in order if the clock is one.
    let query = "select count(*) from jobs where id > uuid_v7_floor(now() - interval '10 minutes')
        and id < uuid_v7_floor(now() + interval '10 minutes')";
    let mut tx = slow.system("a test looks at ids").await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(query).fetch_one(tx.conn()).await.unwrap(), 6);
    drop(tx);
    let (registry, said) = telling();
    assert_eq!(run_due(&slow, &registry).await.unwrap(), 6);
    assert_eq!(*said.lock().unwrap(), ["first", "second", "third", "fourth", "fifth", "sixth"]);
}

#[tokio::test]
async fn a_kind_that_a_process_does_not_know_waits_for_one_that_does_and_loses_no_attempt() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let of_later = |what: &str| NewJob { max_attempts: 1, ..NewJob::new("of_a_later_version", json!(what)) };
    enqueue(
        &org,
        vec![of_later("free"), NewJob { lane: Some("one".into()), ..of_later("laned") }, tell("known")],
    )
    .await;
    let (registry, said) = telling();
    assert_eq!(run_due(&db.db, &registry).await.unwrap(), 1);
    assert_eq!(*said.lock().unwrap(), ["known"]);
    let (mut newer, seen) = (Registry::default(), Arc::new(Mutex::new(0)));
    let count = seen.clone();
    newer.add("of_a_later_version", move |_: Value, context: JobContext| {
        *count.lock().unwrap() += context.attempt;
        std::future::ready(Ok(Outcome::Done))
    });
    assert_eq!(run_due(&db.db, &newer).await.unwrap(), 2);
    assert_eq!(*seen.lock().unwrap(), 2);
}

#[tokio::test]
async fn what_is_urgent_overtakes_and_what_waits_becomes_urgent() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, said) = telling();
    let of = |priority: i16, what: &str| NewJob { priority, ..tell(what) };
    enqueue(&org, vec![of(0, "waits long")]).await;
    db.clock.advance(TimeDelta::minutes(11));
    enqueue(&org, vec![of(0, "usual"), of(10, "urgent"), of(-10, "idle")]).await;
    run_due(&db.db, &registry).await.unwrap();
    assert_eq!(*said.lock().unwrap(), ["waits long", "urgent", "usual", "idle"]);
}

#[tokio::test]
async fn any_wait_that_a_handler_asks_for_is_survived() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut registry = Registry::default();
    registry.add("wait", |long: bool, _| {
        let after = Some(if long { Duration::MAX } else { Duration::from_nanos(1_500) });
        std::future::ready(Err(Failure::Retry { error: "later".into(), after }))
    });
    enqueue(&org, vec![NewJob::new("wait", json!(true)), NewJob::new("wait", json!(false))]).await;
    run_due(&db.db, &registry).await.unwrap();
    assert_eq!(org.count("jobs").await, 2);
}

#[tokio::test]
async fn a_claim_that_the_server_forgot_when_it_failed_ends_nothing_of_the_claim_after_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    enqueue(&org, vec![hold("one")]).await;
    let first = Holding::start(db.db.clone(), "first", 1);
    assert_eq!(first.began(1).await, ["one"]);
    // The commit of the claim was not on the disk yet.
    let forgotten =
        "update jobs set state = 'available', attempt = 0, fence = 0, lease_until = null, worker = null";
    assert_eq!(sql(&db, forgotten).await, 1);
    let second = Holding::start(db.db.clone(), "second", 1);
    assert_eq!(second.began(1).await, ["one"]);
    enqueue(&org, vec![hold("two")]).await;
    first.go.add_permits(1);
    // Whoever begins the next has ended the one before, and what has ended is written before a worker stops.
    assert_eq!(first.began(2).await, ["one", "two"]);
    first.stop().await;
    assert_eq!(org.count("jobs").await, 2, "the second still has its one");
    second.go.add_permits(1);
    assert_eq!(second.began(2).await, ["one", "two"]);
    second.stop().await;
    assert_eq!(org.count("jobs").await, 1, "its one has ended");
}
