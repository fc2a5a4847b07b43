//! Events, audit lines and reactions commit with the change.

use platform::{
    db::maintain_partitions,
    jobs::{self, Outcome, Reaction, Registry},
    record::{Change, Event, Subject},
};
use serde_json::json;
use testkit::TestDb;
use tokio::sync::mpsc;
use uuid::Uuid;

const REACTIONS: &[Reaction] = &[Reaction { event: "thing.made.v1", name: "thing_made_is_told" }];

#[tokio::test]
async fn a_change_writes_its_event_audit_line_and_reaction_and_a_rollback_writes_none() {
    let db = TestDb::with_reactions(REACTIONS).await;
    let org = db.org("acme").await;
    let subject = Subject::new("thing", Uuid::new_v4());
    let change = || Change {
        kind: "thing.made.v1",
        subject,
        before: None,
        after: Some(json!({ "name": "a" })),
        reason: Some("because"),
    };
    let mut tx = org.tx().await;
    tx.record(change()).await.unwrap();
    drop(tx);
    assert_eq!(
        (org.count("event_log").await, org.count("audit_logs").await, org.count("jobs").await),
        (0, 0, 0)
    );

    let mut tx = org.tx().await;
    tx.record(change()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        (org.count("event_log").await, org.count("audit_logs").await, org.count("jobs").await),
        (1, 1, 1)
    );

    let (sender, mut told) = mpsc::unbounded_channel();
    let mut registry = Registry::default();
    registry.react("thing_made_is_told", move |event: Event, context| {
        sender.send((event, context.org)).unwrap();
        std::future::ready(Ok(Outcome::Done))
    });
    jobs::run_due(&db.db, &registry).await.unwrap();
    let (event, told_org) = told.recv().await.unwrap();
    assert_eq!((event.subject_id, told_org), (subject.id, org.id));
    assert_eq!(event.payload["after"]["name"], "a");
}

#[tokio::test]
async fn partitions_are_made_ahead_once_and_take_new_rows() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    maintain_partitions(&db.db, None).await.unwrap();
    maintain_partitions(&db.db, None).await.unwrap();
    let mut tx = org.tx().await;
    tx.emit("thing.made.v1", Subject::new("thing", Uuid::new_v4()), json!({})).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.db.system("a test looks into a partition").await.unwrap();
    let rows: i64 =
        sqlx::query_scalar("select count(*) from event_log_y2026m11").fetch_one(tx.conn()).await.unwrap();
    assert_eq!(rows, 1);
    drop(tx);

    db.clock.advance(chrono::TimeDelta::days(70));
    maintain_partitions(&db.db, Some(chrono::TimeDelta::days(30))).await.unwrap();
    assert_eq!(org.count("event_log").await, 0, "older than the retention");
}
