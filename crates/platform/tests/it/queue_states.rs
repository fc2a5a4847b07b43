//! What people do to jobs, and what becomes of each: the tables of docs/jobs.md, cell by cell where no other test has it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::Router;
use chrono::TimeDelta;
use kernel::Error;
use platform::{
    dead_letters,
    jobs::{
        self, DEAD_JOBS, Failure, JobContext, NewJob, Outcome, Progress, Queue, Registry, Worker, run_due,
    },
};
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

async fn enqueue(org: &TestOrg, jobs: Vec<NewJob>) {
    let mut tx = org.tx().await;
    tx.enqueue_all(jobs).await.unwrap();
    tx.commit().await.unwrap();
}

fn client(db: &TestDb, org: &TestOrg, registry: &Registry) -> TestClient {
    let jobs = jobs::routes(db.db.clone(), registry.clone(), ["default", "slow"]);
    let letters = dead_letters::routes(db.db.clone(), vec![DEAD_JOBS]);
    TestClient::new(Router::from(jobs.merge(letters)), Some(org.caller()))
}

async fn ids(client: &TestClient, state: &str) -> Vec<String> {
    let page = client.get(&format!("/api/v1/jobs?state={state}")).await.expect(200);
    let rows = page["items"].as_array().unwrap();
    rows.iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect()
}

async fn cancel(client: &TestClient, id: &str) -> Value {
    client.post(&format!("/api/v1/jobs/{id}/cancel"), json!({})).await.expect(200)
}

/// Jobs of the kind `tell` say their arguments.
fn telling() -> (Registry, Arc<Mutex<Vec<Value>>>) {
    let (said, mut registry) = (Arc::new(Mutex::new(Vec::new())), Registry::default());
    let log = said.clone();
    registry.add("tell", move |args: Value, _: JobContext| {
        log.lock().unwrap().push(args);
        std::future::ready(Ok(Outcome::Done))
    });
    (registry, said)
}

fn tell(what: impl Into<Value>) -> NewJob {
    NewJob::new("tell", what.into())
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_wherever_it_waits_and_its_lane_goes_on() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (registry, said) = telling();
    let client = client(&db, &org, &registry);
    let lane = |what: &str| NewJob { lane: Some("one".into()), ..tell(what) };
    let later = Some(testkit::start_of_time() + TimeDelta::hours(1));
    enqueue(&org, vec![tell("available"), NewJob { run_at: later, ..tell("scheduled") }]).await;
    for id in [&ids(&client, "available").await[0], &ids(&client, "scheduled").await[0]] {
        assert_eq!(cancel(&client, id).await["state"], "cancelled");
    }
    // The first of a lane, before and after it has entered it, and one behind.
    enqueue(&org, vec![lane("a"), lane("b"), lane("c"), lane("d")]).await;
    cancel(&client, &ids(&client, "scheduled").await[0]).await;
    let (mut failing, asked) = (Registry::default(), Arc::new(Notify::new()));
    let signal = asked.clone();
    failing.add("tell", move |_: Value, _: JobContext| {
        signal.notify_one();
        std::future::ready(Err(Failure::Retry {
            error: "not now".into(),
            after: Some(Duration::from_secs(60)),
        }))
    });
    run_due(&db.db, &failing).await.unwrap();
    asked.notified().await;
    let waiting = ids(&client, "available").await;
    assert_eq!(waiting.len(), 3);
    let by_args = |what: &'static str| {
        let client = &client;
        let org = &org;
        async move {
            let mut tx = org.tx().await;
            let query = "select id::text from jobs where org_id = $1 and args = to_jsonb($2::text)";
            let id: String =
                sqlx::query_scalar(query).bind(org.id).bind(what).fetch_one(tx.conn()).await.unwrap();
            drop(tx);
            cancel(client, &id).await;
        }
    };
    by_args("c").await;
    by_args("b").await;
    assert_eq!(run_due(&db.db, &registry).await.unwrap(), 1);
    assert_eq!(*said.lock().unwrap(), ["d"]);
    assert_eq!((org.count("jobs").await, org.count("job_lanes").await), (0, 0));
    assert_eq!(ids(&client, "finished").await.len(), 5);
    client.post(&format!("/api/v1/jobs/{}/cancel", org.id), json!({})).await.problem(404);
    let cancelled = ids(&client, "finished").await;
    assert_eq!(cancel(&client, &cancelled[0]).await["state"], "cancelled", "twice does nothing more");
}

/// A worker whose one job waits to be told to stop, and then ends in the way that its arguments name.
struct Told {
    client: TestClient,
    began: Arc<Notify>,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

impl Told {
    async fn start(db: &TestDb, org: &TestOrg, how: &str, grace: Duration) -> Self {
        let (began, mut registry) = (Arc::new(Notify::new()), Registry::default());
        let signal = began.clone();
        registry.add("obey", move |how: String, context: JobContext| {
            let signal = signal.clone();
            async move {
                signal.notify_one();
                if how == "never" {
                    std::future::pending::<()>().await;
                }
                context.cancelled.cancelled().await;
                match &*how {
                    "well" => Ok(Outcome::Done),
                    "snoozes" => Ok(Outcome::Snooze(Duration::ZERO)),
                    "fails for good" => Err(Failure::Dead { error: "stopped".into() }),
                    _ => Err(Error::internal("stopped").into()),
                }
            }
        });
        let options = jobs::Options {
            worker: "one".into(),
            queues: vec![Queue { name: "default", slots: 1, ahead: 0 }],
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(3600),
            grace,
        };
        let (client, stop) = (client(db, org, &registry), CancellationToken::new());
        enqueue(org, vec![NewJob { keep_result: true, ..NewJob::new("obey", json!(how)) }]).await;
        let running = tokio::spawn(Worker::new(db.db.clone(), registry, options).run(stop.clone()));
        began.notified().await;
        Self { client, began, stop, running }
    }

    async fn ends_as(&self, id: &str) -> Value {
        loop {
            let job = self.client.get(&format!("/api/v1/jobs/{id}")).await.expect(200);
            if job["state"] != "running" {
                return job["state"].clone();
            }
            tokio::task::yield_now().await;
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap();
    }
}

#[tokio::test]
async fn a_job_that_runs_is_told_to_stop_and_is_not_run_again() {
    let db = TestDb::new().await;
    for (how, state) in [
        ("well", "completed"),
        ("fails", "cancelled"),
        ("fails for good", "cancelled"),
        ("snoozes", "cancelled"),
    ] {
        let org = db.org(&how.replace(' ', "-")).await;
        let told = Told::start(&db, &org, how, Duration::from_secs(60)).await;
        let id = ids(&told.client, "running").await.remove(0);
        let answer = cancel(&told.client, &id).await;
        assert_eq!((&answer["state"], answer["cancel_requested_at"].is_string()), (&json!("running"), true));
        assert_eq!(cancel(&told.client, &id).await["state"], "running", "twice does nothing more");
        assert_eq!(told.ends_as(&id).await, state, "{how}");
        told.stop().await;
        assert_eq!((org.count("jobs").await, org.count("dead_letters").await), (0, 0));
    }
}

#[tokio::test]
async fn a_job_that_does_not_stop_is_ended_where_it_stands() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let told = Told::start(&db, &org, "never", Duration::from_secs(10)).await;
    let id = ids(&told.client, "running").await.remove(0);
    cancel(&told.client, &id).await;
    db.clock.advance(TimeDelta::seconds(11));
    assert_eq!(told.ends_as(&id).await, "cancelled");
    // Its slot is free again.
    enqueue(&org, vec![NewJob::new("obey", json!("never"))]).await;
    told.began.notified().await;
    told.stop().await;
}

#[tokio::test]
async fn a_cancelled_job_whose_worker_stops_in_order_is_not_run_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let told = Told::start(&db, &org, "never", Duration::ZERO).await;
    let id = ids(&told.client, "running").await.remove(0);
    cancel(&told.client, &id).await;
    told.stop().await;
    let client = client(&db, &org, &Registry::default());
    assert_eq!(client.get(&format!("/api/v1/jobs/{id}")).await.expect(200)["state"], "cancelled");
    assert_eq!(org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_cancelled_job_whose_worker_is_killed_is_not_run_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let told = Told::start(&db, &org, "never", Duration::from_secs(60)).await;
    let id = ids(&told.client, "running").await.remove(0);
    told.running.abort();
    cancel(&told.client, &id).await;
    db.clock.advance(TimeDelta::seconds(31));
    let next = Told::start(&db, &org, "never", Duration::ZERO).await;
    assert_eq!(next.ends_as(&id).await, "cancelled");
    next.stop().await;
}

#[tokio::test]
async fn what_a_job_works_on_ends_with_it_or_it_is_not_cancelled() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (mut registry, _) = telling();
    registry.on_cancel("tell", |what: String, tx| {
        Box::pin(async move {
            if what == "no" {
                return Err(Error::conflict("delivery_not_failed", "it has ended"));
            }
            tx.enqueue(NewJob::new("told_of_it", json!(what))).await
        })
    });
    let client = client(&db, &org, &registry);
    enqueue(&org, vec![tell("yes"), tell("no")]).await;
    let waiting = ids(&client, "available").await;
    cancel(&client, &waiting[0]).await;
    client.post(&format!("/api/v1/jobs/{}/cancel", waiting[1]), json!({})).await.problem(409);
    let mut tx = org.tx().await;
    let query = "select kind, args #>> '{}' from jobs where org_id = $1 order by id";
    let left: Vec<(String, String)> = sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    let expected =
        [("tell", "no"), ("told_of_it", "yes")].map(|(kind, what)| (kind.to_owned(), what.to_owned()));
    assert_eq!(left, expected);
}

#[tokio::test]
async fn a_paused_queue_keeps_its_jobs_and_goes_on_with_them() {
    let db = TestDb::new().await;
    let (org, other) = (db.org("acme").await, db.org("other").await);
    let (registry, said) = telling();
    let client = client(&db, &org, &registry);
    let path = "/api/v1/jobs/queues/default";
    let paused = client.patch(path, json!({ "paused": true })).await.expect(200);
    assert!(paused["paused_at"].is_string());
    let lane = NewJob { lane: Some("one".into()), ..tell("laned") };
    let soon = NewJob { run_at: Some(testkit::start_of_time() + TimeDelta::minutes(1)), ..tell("soon") };
    enqueue(&org, vec![tell("free"), lane, soon, NewJob { queue: "slow", ..tell("of another queue") }]).await;
    enqueue(&other, vec![tell("of another organization")]).await;
    db.clock.advance(TimeDelta::minutes(2));
    run_due(&db.db, &registry).await.unwrap();
    let mut ran = said.lock().unwrap().clone();
    ran.sort_by_key(Value::to_string);
    assert_eq!(ran, ["of another organization", "of another queue"]);
    let queues = client.get("/api/v1/jobs/queues").await.expect(200);
    assert_eq!(queues["items"][0]["available"], 3, "{queues}");
    assert_eq!(queues["items"][0]["oldest_seconds"], 120.0);
    let goes_on = client.patch(path, json!({ "paused": false })).await.expect(200);
    assert_eq!(goes_on["paused_at"], Value::Null);
    assert_eq!(run_due(&db.db, &registry).await.unwrap(), 3);
    client.patch("/api/v1/jobs/queues/nowhere", json!({ "paused": true })).await.problem(404);
}

#[tokio::test]
async fn no_more_jobs_of_an_organization_run_at_once_than_it_allows_over_all_processes() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (now, most) = (Arc::new(Mutex::new((0, 0))), 3);
    let mut registry = Registry::default();
    let count = now.clone();
    registry.add("work", move |left: usize, _: JobContext| {
        let count = count.clone();
        async move {
            {
                let mut count = count.lock().unwrap();
                count.0 += 1;
                count.1 = count.0.max(count.1);
            }
            for _ in 0..left {
                tokio::task::yield_now().await;
            }
            count.lock().unwrap().0 -= 1;
            Ok(Outcome::Done)
        }
    });
    let client = client(&db, &org, &registry);
    client.patch("/api/v1/jobs/queues/default", json!({ "concurrency": 0 })).await.problem(422);
    client.patch("/api/v1/jobs/queues/default", json!({ "concurrency": most })).await.expect(200);
    enqueue(&org, (0..60).map(|n| NewJob::new("work", json!(n * 7 % 50))).collect()).await;
    let stop = CancellationToken::new();
    let workers: Vec<_> = ["one", "two"]
        .map(|worker| {
            let options = jobs::Options {
                worker: worker.into(),
                queues: vec![Queue { name: "default", slots: 8, ahead: 8 }],
                lease: Duration::from_secs(30),
                poll: Duration::from_millis(50),
                grace: Duration::ZERO,
            };
            tokio::spawn(Worker::new(db.db.clone(), registry.clone(), options).run(stop.clone()))
        })
        .into();
    while org.count("jobs").await > 0 {
        let running = "select count(*) from jobs where state = 'running'";
        let mut tx = db.db.system("a test counts").await.unwrap();
        assert!(sqlx::query_scalar::<_, i64>(running).fetch_one(tx.conn()).await.unwrap() <= most);
    }
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    assert!(now.lock().unwrap().1 <= usize::try_from(most).unwrap());
}

#[tokio::test]
async fn how_far_a_job_is_and_what_came_of_it_can_be_asked() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut registry = Registry::default();
    registry.add("count", |fails: bool, context: JobContext| async move {
        let mut tx = context.tx().await?;
        context.progress(&mut tx, &Progress { done: 3, total: Some(4), note: "counting".into() }).await?;
        tx.commit().await?;
        if fails {
            return Err(Failure::Dead { error: "cannot count".into() });
        }
        let mut tx = context.db.system("a test looks at a job that runs").await?;
        let query = "select progress from jobs where id = $1";
        let progress: Value = sqlx::query_scalar(query).bind(context.id).fetch_one(tx.conn()).await.unwrap();
        Ok(Outcome::With(progress))
    });
    let client = client(&db, &org, &registry);
    let job = |fails: bool| NewJob { keep_result: true, ..NewJob::new("count", json!(fails)) };
    enqueue(&org, vec![job(false), job(true), NewJob { keep_result: false, ..job(false) }]).await;
    let waiting = ids(&client, "available").await;
    run_due(&db.db, &registry).await.unwrap();
    let of = async |id: &str| client.get(&format!("/api/v1/jobs/{id}")).await;
    let done = of(&waiting[0]).await.expect(200);
    assert_eq!(done["state"], "completed");
    assert_eq!(done["result"], json!({ "done": 3, "total": 4, "note": "counting" }));
    let dead = of(&waiting[1]).await.expect(200);
    assert_eq!((&dead["state"], &dead["last_error"]), (&json!("dead"), &json!("cannot count")));
    of(&waiting[2]).await.problem(404);

    db.clock.advance(TimeDelta::days(8));
    jobs::forget_finished_jobs(&db.db).await.unwrap();
    of(&waiting[0]).await.problem(404);
}

#[tokio::test]
async fn a_dead_letter_is_replayed_once_however_often_it_is_asked_for_and_its_end_is_kept() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (mut failing, (works, said)) = (Registry::default(), telling());
    failing.add("tell", |_: Value, _| std::future::ready(Err(Failure::Dead { error: "no".into() })));
    let client = client(&db, &org, &failing);
    let lane = NewJob { lane: Some("one".into()), ..tell("laned") };
    enqueue(&org, vec![tell("free"), lane]).await;
    run_due(&db.db, &failing).await.unwrap();
    let letters = client.get("/api/v1/dead-letters").await.expect(200)["items"].clone();
    let letters: Vec<_> = letters.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(letters.len(), 2);
    for id in letters.iter().chain(&letters) {
        client.post(&format!("/api/v1/dead-letters/{id}/replay"), json!({})).await.expect(204);
    }
    assert_eq!(run_due(&db.db, &works).await.unwrap(), 2);
    for id in &letters {
        client.post(&format!("/api/v1/dead-letters/{id}/replay"), json!({})).await.expect(204);
        assert_eq!(client.get(&format!("/api/v1/jobs/{id}")).await.expect(200)["state"], "completed");
    }
    assert_eq!(run_due(&db.db, &works).await.unwrap(), 0);
    assert_eq!(said.lock().unwrap().len(), 2);
    client.post(&format!("/api/v1/dead-letters/{}/replay", org.id), json!({})).await.problem(404);
}

#[tokio::test]
async fn a_dead_letter_that_needs_nobody_any_more_is_dismissed_and_not_replayed() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut failing = Registry::default();
    failing.add("tell", |_: Value, _| std::future::ready(Err(Failure::Dead { error: "no".into() })));
    let client = client(&db, &org, &failing);
    enqueue(&org, vec![tell("one"), tell("two")]).await;
    run_due(&db.db, &failing).await.unwrap();
    let letters = client.get("/api/v1/dead-letters?open=true").await.expect(200)["items"].clone();
    let id = letters[0]["id"].as_str().unwrap();
    for action in ["dismiss", "dismiss", "replay"] {
        client.post(&format!("/api/v1/dead-letters/{id}/{action}"), json!({})).await.expect(204);
    }
    assert_eq!(org.count("jobs").await, 0);
    assert_eq!(
        client.get("/api/v1/dead-letters?open=true").await.expect(200)["items"].as_array().unwrap().len(),
        1
    );
    let all = client.get("/api/v1/dead-letters").await.expect(200)["items"].clone();
    let dismissed = all.as_array().unwrap().iter().filter(|letter| letter["is_dismissed"] == true).count();
    assert_eq!((all.as_array().unwrap().len(), dismissed), (2, 1));
}

#[tokio::test]
async fn what_must_follow_from_something_cannot_be_cancelled() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (mut registry, _) = telling();
    registry.must_follow("tell");
    let client = client(&db, &org, &registry);
    enqueue(&org, vec![tell("of it")]).await;
    let waiting = client.get("/api/v1/jobs?state=available").await.expect(200)["items"][0].clone();
    assert_eq!(waiting["cancellable"], false);
    let path = format!("/api/v1/jobs/{}/cancel", waiting["id"].as_str().unwrap());
    assert_eq!(client.post(&path, json!({})).await.problem(409), "job_must_be_done");
    assert_eq!(org.count("jobs").await, 1);
}

#[tokio::test]
async fn jobs_are_listed_in_the_order_of_their_turn_page_by_page() {
    let db = TestDb::new().await;
    let (org, other) = (db.org("acme").await, db.org("other").await);
    let (registry, _) = telling();
    let client = client(&db, &org, &registry);
    enqueue(&org, (0..5).map(tell).collect()).await;
    enqueue(&org, vec![NewJob { queue: "slow", ..tell("slow") }]).await;
    enqueue(&other, vec![tell("of another organization")]).await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/jobs?state=available&queue=default&limit=2".to_owned();
    loop {
        let page = client.get(&path).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|job| job["id"].to_string()));
        assert!(!page.to_string().contains("args"));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/jobs?state=available&queue=default&limit=2&cursor={next}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted());
    assert_eq!(ids(&client, "available").await.len(), 6);
    client.get("/api/v1/jobs?state=lost").await.problem(400);
}
