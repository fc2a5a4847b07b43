//! Group commit and requests that come at the same time.

use std::sync::Arc;

use futures::future::join_all;
use kernel::Error;
use platform::db::Scope;
use serde_json::json;
use testkit::{TestDb, TestOrg};

use crate::ingest::{
    batcher::{Batcher, Limits, Request},
    generic,
    reader::Reader,
    signal::{Entry, SignalOutcome},
};

fn request(scope: Scope, fingerprint: &str, group: &str) -> Request {
    let body = json!({ "title": "x", "fingerprint": fingerprint, "group_key": group }).to_string();
    let parsed = generic::parse(body.as_bytes(), Reader::new(testkit::start_of_time()), None).unwrap();
    Request { scope, signals: parsed.signals, bytes: body.len() }
}

fn batcher(db: &TestDb, limits: Limits) -> Arc<Batcher> {
    Arc::new(Batcher::new(db.db.clone(), limits))
}

async fn submit_all(batcher: &Arc<Batcher>, requests: Vec<Request>) -> Vec<Result<Vec<Entry>, Error>> {
    join_all(requests.into_iter().map(|request| batcher.submit(request))).await
}

/// How many transactions stored the alerts.
async fn transactions(org: &TestOrg) -> i64 {
    let mut tx = org.tx().await;
    let query = "select count(distinct xmin::text) from alerts where org_id = $1";
    sqlx::query_scalar(query).bind(org.id).fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn requests_that_wait_together_share_a_transaction_and_get_their_own_answers() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = batcher(&db, Limits::default());
    let requests = (0..50).map(|n| request(org.caller().scope(), &n.to_string(), &n.to_string())).collect();
    let answers = submit_all(&batcher, requests).await;
    for (n, answer) in answers.into_iter().enumerate() {
        let entries = answer.unwrap();
        assert_eq!((entries.len(), entries[0].fingerprint.as_str()), (1, n.to_string().as_str()));
    }
    assert_eq!(org.count("alerts").await, 50);
    assert!(transactions(&org).await < 50, "at least two requests were stored together");
}

#[tokio::test]
async fn the_same_alert_sent_many_times_at_once_is_one_alert() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    // Two batchers are two servers: nothing but the database is between them.
    let batchers = [batcher(&db, Limits::default()), batcher(&db, Limits::default())];
    let scope = org.caller().scope();
    let requests = (0..120).map(|n| {
        let (fingerprint, group) = ((n % 7).to_string(), (n % 3).to_string());
        batchers[n % 2].submit(request(scope.clone(), &fingerprint, &group))
    });
    let entries: Vec<Entry> = join_all(requests).await.into_iter().flat_map(Result::unwrap).collect();
    let created = entries.iter().filter(|entry| entry.outcome == SignalOutcome::Created).count();
    assert_eq!((created, entries.len()), (7, 120));
    assert_eq!((org.count("alerts").await, org.count("open_alerts").await), (7, 7));
    assert_eq!((org.count("issues").await, org.count("issue_alert_bindings").await), (3, 7));
    let mut tx = org.tx().await;
    let counted: i64 = sqlx::query_scalar("select sum(occurrences)::bigint from alerts where org_id = $1")
        .bind(org.id)
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!(counted, 120);
}

#[tokio::test]
async fn a_request_that_cannot_be_stored_fails_alone() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = batcher(&db, Limits::default());
    let mut requests: Vec<Request> =
        (0..10).map(|n| request(org.caller().scope(), &n.to_string(), &n.to_string())).collect();
    // No format reads this: it stands for whatever the database may refuse.
    requests[4].signals[0].title = String::new();
    let stored: Vec<bool> = submit_all(&batcher, requests).await.iter().map(Result::is_ok).collect();
    assert_eq!(stored, [true, true, true, true, false, true, true, true, true, true]);
    assert_eq!(org.count("alerts").await, 9);
}

#[tokio::test]
async fn requests_of_different_actors_are_stored_in_their_own_names() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = batcher(&db, Limits::default());
    let system = |name: &'static str| db.db.system_scope(org.id, name);
    let requests = (0..20).map(|n| request(system(["one", "two"][n % 2]), &n.to_string(), "group")).collect();
    submit_all(&batcher, requests).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    let mut tx = org.tx().await;
    let query = "select e.actor ->> 'name', count(*) from event_log e
        where e.org_id = $1 and e.kind = 'alert.received.v1' group by 1 order by 1";
    let told: Vec<(String, i64)> = sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    assert_eq!(told, [("one".into(), 10), ("two".into(), 10)]);
}

#[tokio::test]
async fn a_client_that_hangs_up_takes_nothing_away() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = batcher(&db, Limits::default());
    let mut gone = Box::pin(batcher.submit(request(org.caller().scope(), "gone", "gone")));
    assert!(futures::poll!(&mut gone).is_pending());
    drop(gone);
    batcher.submit(request(org.caller().scope(), "here", "here")).await.unwrap();
    assert_eq!(org.count("alerts").await, 2);
}

#[tokio::test]
async fn more_than_may_wait_is_refused_and_can_be_sent_again() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let batcher = batcher(&db, Limits { waiting_alerts: 3, ..Limits::default() });
    let requests = (0..5).map(|n| request(org.caller().scope(), &n.to_string(), "group")).collect();
    let answers = submit_all(&batcher, requests).await;
    let codes: Vec<_> =
        answers.iter().filter_map(|answer| answer.as_ref().err()).map(|error| error.code().0).collect();
    assert_eq!(codes, ["unavailable", "unavailable"]);
    assert_eq!(org.count("alerts").await, 3);
    batcher.submit(request(org.caller().scope(), "4", "group")).await.unwrap();
    assert_eq!(org.count("alerts").await, 4);
}

#[tokio::test]
async fn organizations_do_not_wait_for_each_other() {
    let db = TestDb::new().await;
    let (acme, umbrella) = (db.org("acme").await, db.org("umbrella").await);
    let batcher = batcher(&db, Limits::default());
    // Somebody holds the first organization's intake for as long as this test likes.
    let mut holder = acme.tx().await;
    crate::store::lock_intake(&mut holder).await.unwrap();
    let mut held = Box::pin(batcher.submit(request(acme.caller().scope(), "a", "a")));
    assert!(futures::poll!(&mut held).is_pending());
    batcher.submit(request(umbrella.caller().scope(), "a", "a")).await.unwrap();
    assert_eq!((acme.count("alerts").await, umbrella.count("alerts").await), (0, 1));
    drop(holder);
    held.await.unwrap();
    assert_eq!(acme.count("alerts").await, 1);
}

/// What an organization holds, without ids: alerts by fingerprint in the order they came, and issues.
async fn books(org: &TestOrg) -> (Vec<(String, String, String, i64, bool)>, i64, i64) {
    let mut tx = org.tx().await;
    let query = "select fingerprint, status, severity, occurrences, ends_at is not null
        from alerts where org_id = $1 order by fingerprint, id";
    let alerts = sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    (alerts, org.count("issues").await, org.count("open_alerts").await)
}

#[tokio::test]
async fn the_same_words_in_one_request_or_in_many_end_the_same() {
    let db = TestDb::new().await;
    let (one, many) = (db.org("one").await, db.org("many").await);
    let batcher = batcher(&db, Limits::default());
    // A fixed walk over four fingerprints of two groups, every severity, firing twice as often as not.
    let words: Vec<_> = (0_u32..60)
        .map(|step| {
            let n = step.wrapping_mul(2_654_435_761) >> 16;
            let severity = ["low", "medium", "high", "critical"][n as usize / 7 % 4];
            json!({
                "title": "x", "fingerprint": (n % 4).to_string(), "group_key": (n % 2).to_string(),
                "severity": severity, "status": if n % 3 == 0 { "resolved" } else { "firing" },
            })
        })
        .collect();
    let read = |org: &TestOrg, body: serde_json::Value| {
        let body = body.to_string();
        let reader = Reader::new(testkit::start_of_time());
        let signals = generic::parse(body.as_bytes(), reader, None).unwrap().signals;
        Request { scope: org.caller().scope(), signals, bytes: body.len() }
    };
    let together = batcher.submit(read(&one, json!(words))).await.unwrap();
    let mut apart = Vec::new();
    for word in words {
        apart.extend(batcher.submit(read(&many, word)).await.unwrap());
    }
    let outcomes = |entries: &[Entry]| entries.iter().map(|entry| entry.outcome).collect::<Vec<_>>();
    assert_eq!(outcomes(&together), outcomes(&apart));
    for outcome in [
        SignalOutcome::Created,
        SignalOutcome::Repeated,
        SignalOutcome::Resolved,
        SignalOutcome::UnmatchedResolve,
    ] {
        assert!(outcomes(&together).contains(&outcome), "the walk has every outcome: {outcome}");
    }
    assert_eq!(books(&one).await, books(&many).await);
}
