//! What is over goes, in small numbers, of each organization by itself.

use std::{collections::BTreeSet, sync::Mutex};

use axum::Router;
use chrono::TimeDelta;
use kernel::{Error, OrgId};
use platform::{
    db::TenantTx,
    dead_letters,
    jobs::{Follower, Outcome, on},
    record::{self, EventKind, NewEvent},
    retention::{self, Batch, Expired},
    settings::{self, AnySetting, Settings},
};
use serde_json::json;
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

use crate::things::{Numbered, OTHERS_KEPT, OtherNumbered, catalogue};

/// Puts so many jobs of an organization among the dead letters, all at this moment.
async fn bury(org: &TestOrg, jobs: i32) {
    let mut tx = org.tx().await;
    let (id, now) = (tx.org(), tx.now());
    let query = "insert into dead_letters (org_id, id, source, event_type, payload, error, created_at)
        select $1, (left(uuid_v7_floor($2)::text, 24) || lpad(n::text, 12, '0'))::uuid, 'job', 'x', '{}', '', $2
        from generate_series(1, $3) n";
    sqlx::query(query).bind(id).bind(now).bind(jobs).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn keep(db: &TestDb, org: &TestOrg, key: &str, days: u32) {
    let others: &dyn AnySetting = &OTHERS_KEPT;
    let settings = Settings::new(db.db.clone(), retention::SETTINGS.iter().copied().chain([others]));
    let admin = TestClient::new(Router::from(settings::routes(settings)), Some(org.caller()));
    admin.put(&format!("/api/v1/settings/{key}"), json!({ "value": days })).await.expect(200);
}

/// So many events of a kind, in one transaction.
async fn happen<E: EventKind<Payload = Numbered>>(org: &TestOrg, events: usize) {
    let mut tx = org.tx().await;
    let events =
        (0..events).map(|number| NewEvent::new::<E>((Uuid::now_v7(), None), &Numbered { number }).unwrap());
    tx.emit_all(events.collect()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn kinds(org: &TestOrg) -> Vec<(String, i64)> {
    let mut tx = org.tx().await;
    let query =
        "select kind, count(*) from event_log where kind like '%numbered%' group by kind order by kind";
    let found = sqlx::query_as(query).fetch_all(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    found
}

#[tokio::test]
async fn kinds_with_a_time_of_their_own_go_sooner_and_never_stay_longer() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        happen::<Numbered>(org, 3).await;
        happen::<OtherNumbered>(org, 1200).await;
    }
    keep(&db, &acme, OTHERS_KEPT.key, 30).await;
    db.clock.advance(TimeDelta::days(31));
    happen::<OtherNumbered>(&acme, 2).await;
    record::forget_record(&db.db, &catalogue()).await.unwrap();
    let (one, two) = ("other_thing.numbered.v1".to_owned(), "thing.numbered.v1".to_owned());
    assert_eq!(kinds(&acme).await, [(one.clone(), 2), (two.clone(), 3)]);
    assert_eq!(kinds(&other).await, [(one.clone(), 1200), (two, 3)]);

    // All events go after seven days, whatever is said of some.
    keep(&db, &acme, record::EVENTS_KEPT.key, 7).await;
    db.clock.advance(TimeDelta::days(8));
    record::forget_record(&db.db, &catalogue()).await.unwrap();
    assert_eq!(kinds(&acme).await, []);
}

#[tokio::test]
async fn events_that_nats_has_yet_to_take_stay_for_thirty_days() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    keep(&db, &acme, record::EVENTS_KEPT.key, 7).await;
    happen::<Numbered>(&acme, 2).await;
    let mut tx = db.db.system("a test hands on what there is").await.unwrap();
    let query = "insert into feed_cursors (name, position, moved_at) select 'steward', max(position), $1 from event_log";
    sqlx::query(query).bind(db.db.clock().now()).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    db.clock.advance(TimeDelta::days(2));
    happen::<Numbered>(&acme, 3).await;
    for (days, stay) in [(20, 3), (9, 0)] {
        db.clock.advance(TimeDelta::days(days));
        record::forget_record(&db.db, &catalogue()).await.unwrap();
        let found: i64 = kinds(&acme).await.into_iter().map(|(_, number)| number).sum();
        assert_eq!(found, stay, "after {days} more days");
    }
}

#[tokio::test]
async fn events_that_reactions_have_yet_to_follow_stay_however_long_that_takes() {
    let follows =
        on::<Numbered>("thing_numbered_is_told").following().start(|(), _, _| async { Ok(Outcome::Done) });
    let db = TestDb::with_subscriptions(vec![follows.subscription]).await;
    let acme = db.org("acme").await;
    keep(&db, &acme, record::EVENTS_KEPT.key, 7).await;
    happen::<Numbered>(&acme, 3).await;
    db.clock.advance(TimeDelta::days(400));
    record::forget_record(&db.db, &catalogue()).await.unwrap();
    assert_eq!(kinds(&acme).await, [("thing.numbered.v1".to_owned(), 3)]);
    Follower::new(&db.db).catch_up().await.unwrap();
    record::forget_record(&db.db, &catalogue()).await.unwrap();
    assert_eq!((kinds(&acme).await, acme.count("jobs").await), (Vec::new(), 3));
}

#[tokio::test]
async fn all_that_is_over_goes_in_batches_and_what_another_organization_keeps_longer_stays() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        bury(org, 1200).await;
    }
    keep(&db, &other, "jobs.dead_kept_days", 365).await;
    db.clock.advance(TimeDelta::days(100));
    bury(&acme, 1).await;
    dead_letters::forget_dead_letters(&db.db).await.unwrap();
    assert_eq!((acme.count("dead_letters").await, other.count("dead_letters").await), (1, 1200));
    dead_letters::forget_dead_letters(&db.db).await.unwrap();
    let told = json!({ "kind": "dead_letters", "count": 1200 });
    assert_eq!(
        (removed(&acme).await, removed(&other).await),
        (vec![told], vec![]),
        "once, where something went"
    );
}

/// What the organization was told of what is gone.
async fn removed(org: &TestOrg) -> Vec<serde_json::Value> {
    let mut tx = org.tx().await;
    let query = "select payload from event_log where kind = 'organization.data_removed.v1' order by id";
    sqlx::query_scalar(query).fetch_all(tx.conn()).await.unwrap()
}

/// Takes the even ones of the next ten, and fails after that for this organization.
async fn take_even(tx: &mut TenantTx, over: Expired, broken: Option<OrgId>) -> kernel::Result<Batch> {
    assert_eq!(over.rows, 500);
    let query = "with looked as (select id from dead_letters where id > $1 order by id limit 10),
        gone as (delete from dead_letters where id in (select id from looked where right(id::text, 1) in ('0', '2', '4', '6', '8')) returning id)
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last";
    let batch: Batch = sqlx::query_as(query).bind(over.after).fetch_one(tx.conn()).await?;
    if Some(tx.org()) == broken { Err(Error::unavailable("not now")) } else { Ok(batch) }
}

#[tokio::test]
async fn a_batch_that_fails_takes_nothing_with_it_and_the_next_turn_goes_on() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    for org in [&acme, &other] {
        bury(org, 25).await;
    }
    retention::sweep(&db.db, "dead_letters", &dead_letters::DEAD_LETTERS_KEPT, |tx, over| {
        Box::pin(take_even(tx, over, Some(acme.id)))
    })
    .await
    .unwrap();
    assert_eq!((acme.count("dead_letters").await, other.count("dead_letters").await), (25, 13));
    db.clock.advance(TimeDelta::days(100));
    dead_letters::forget_dead_letters(&db.db).await.unwrap();
    assert_eq!(acme.count("dead_letters").await, 0);
}

/// One turn in which every batch takes this long; answers whose batches there were, and from behind which row each went on.
async fn turn(db: &TestDb, each: TimeDelta) -> Vec<(OrgId, Uuid)> {
    let batches = Mutex::new(Vec::new());
    retention::sweep(&db.db, "dead_letters", &dead_letters::DEAD_LETTERS_KEPT, |tx, over| {
        batches.lock().unwrap().push((tx.org(), over.after));
        db.clock.advance(each);
        Box::pin(take_even(tx, over, None))
    })
    .await
    .unwrap();
    batches.into_inner().unwrap()
}

#[tokio::test]
async fn organizations_take_turns_and_what_stays_is_passed_once() {
    let db = TestDb::new().await;
    let (acme, other) = (db.org("acme").await, db.org("other").await);
    bury(&acme, 30).await;
    bury(&other, 30).await;
    let batches = turn(&db, TimeDelta::zero()).await;
    let (first, second) = (batches[0].0, batches[1].0);
    let orgs: Vec<_> = batches.iter().map(|(org, _)| *org).collect();
    assert_eq!(orgs, [first, second, first, second, first, second, first, second]);
    let of = |org: &TestOrg| {
        batches.iter().filter(|(whose, _)| *whose == org.id).map(|(_, after)| *after).collect::<Vec<_>>()
    };
    assert!(of(&acme).is_sorted_by(|one, next| one < next), "{batches:?}");
    assert!(of(&other).is_sorted_by(|one, next| one < next), "{batches:?}");
    assert_eq!((acme.count("dead_letters").await, other.count("dead_letters").await), (15, 15));
}

#[tokio::test]
async fn a_turn_ends_when_its_time_is_over_and_no_organization_is_always_the_last() {
    let db = TestDb::new().await;
    let orgs = [db.org("acme").await, db.org("other").await, db.org("third").await];
    let mut served = BTreeSet::new();
    for _ in 0..1000 {
        let batches = turn(&db, retention::TURN).await;
        assert_eq!(batches.len(), 1, "the rest waits for the next turn");
        served.insert(batches[0].0);
        if served.len() == orgs.len() {
            return;
        }
    }
    panic!("only {served:?} had a turn");
}
