//! Reactions that follow the log: each event's job is enqueued once, and not by the commit of the event.

use futures::future::join_all;
use platform::{
    jobs::{self, Follower, Handled, JobContext, Outcome, Reaction, Registry, on},
    record::{Change, Happened},
};
use testkit::{TestDb, TestOrg};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::things::{Made, Thing};

type Told = mpsc::UnboundedSender<(Happened<Made>, JobContext)>;

async fn tell(told: Told, event: Happened<Made>, job: JobContext) -> Handled {
    told.send((event, job)).unwrap();
    Ok(Outcome::Done)
}

fn reaction() -> Reaction<Told> {
    on::<Made>("thing_made_is_told").queue("notify").attempts(3).in_order().following().start(tell)
}

async fn fixture() -> (TestDb, TestOrg) {
    let db = TestDb::with_subscriptions(vec![reaction().subscription]).await;
    let org = db.org("acme").await;
    (db, org)
}

fn made() -> Change<Thing> {
    Change::to(Thing { name: "a".into() })
}

async fn make(org: &TestOrg, things: usize) {
    let mut tx = org.tx().await;
    for _ in 0..things {
        tx.record::<Made, _>((Uuid::new_v4(), None), made()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The events that jobs answer, in the order of the queue.
async fn answered(org: &TestOrg) -> Vec<Uuid> {
    let mut tx = org.tx().await;
    sqlx::query_scalar("select causation_id from jobs order by id").fetch_all(tx.conn()).await.unwrap()
}

async fn happened(org: &TestOrg) -> Vec<Uuid> {
    let mut tx = org.tx().await;
    let query = "select id from event_log where kind = 'thing.made.v1' order by position";
    sqlx::query_scalar(query).fetch_all(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn the_commit_of_an_event_carries_no_job_and_following_enqueues_it_as_declared() {
    let (db, org) = fixture().await;
    make(&org, 1).await;
    assert_eq!(org.count("jobs").await, 0);
    Follower::new(&db.db).catch_up().await.unwrap();
    let mut tx = org.tx().await;
    let query = "select j.queue, j.max_attempts, j.lane = 'thing_made_is_told:' || e.subject_id, j.correlation_id = e.correlation_id
        from jobs j join event_log e on e.id = j.causation_id";
    let declared: (String, i32, bool, bool) = sqlx::query_as(query).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(declared, ("notify".into(), 3, true, true));
    drop(tx);

    let (sender, mut told) = mpsc::unbounded_channel();
    let mut registry = Registry::default();
    reaction().register(&sender, &mut registry);
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 1);
    let (event, job) = told.recv().await.unwrap();
    assert_eq!((job.org, event.payload.after.unwrap().name.as_str()), (org.id, "a"));
    make(&org, 1).await;
    assert_eq!(jobs::run_due(&db.db, &registry).await.unwrap(), 1, "what is due is followed first");
}

#[tokio::test]
async fn each_event_of_all_organizations_is_enqueued_once_however_many_follow_and_are_stopped() {
    let (db, org) = fixture().await;
    let other = db.org("other").await;
    make(&org, 700).await;
    make(&other, 300).await;
    let turns = (0..12).map(|turn| {
        let follower = Follower::new(&db.db);
        async move {
            // Some are stopped in the middle of a batch.
            let mut left = turn * 3;
            let stopped = std::future::poll_fn(move |context| {
                left -= 1;
                context.waker().wake_by_ref();
                if left < 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            });
            tokio::select! {
                biased;
                done = follower.catch_up() => done.unwrap(),
                () = stopped => {}
            }
        }
    });
    join_all(turns).await;
    Follower::new(&db.db).catch_up().await.unwrap();
    for org in [&org, &other] {
        assert_eq!(answered(org).await, happened(org).await);
    }
}

#[tokio::test]
async fn an_event_that_is_committed_late_is_not_passed_over() {
    let (db, org) = fixture().await;
    let follower = Follower::new(&db.db);
    let mut late = org.tx().await;
    late.record::<Made, _>((Uuid::new_v4(), None), made()).await.unwrap();
    make(&org, 1).await;
    follower.catch_up().await.unwrap();
    assert_eq!(org.count("jobs").await, 0, "nothing is settled behind a transaction that is open");
    late.commit().await.unwrap();
    follower.catch_up().await.unwrap();
    assert_eq!(answered(&org).await, happened(&org).await);
}

#[tokio::test]
async fn a_follower_that_runs_is_woken_by_a_commit() {
    let (db, org) = fixture().await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(Follower::new(&db.db).run(stop.clone()));
    make(&org, 3).await;
    while answered(&org).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.unwrap();
}
