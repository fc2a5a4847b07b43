//! Events, audit lines and reactions commit with the change.

use platform::{
    jobs::{self, Handled, JobContext, Outcome, Reaction, Registry, on},
    record::{Change, Happened},
};
use testkit::TestDb;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::things::{Made, Thing};

type Told = mpsc::UnboundedSender<(Happened<Made>, JobContext)>;

async fn tell(told: Told, event: Happened<Made>, job: JobContext) -> Handled {
    told.send((event, job)).unwrap();
    Ok(Outcome::Done)
}

fn reaction() -> Reaction<Told> {
    on::<Made>("thing_made_is_told").queue("notify").attempts(3).in_order().start(tell)
}

#[tokio::test]
async fn a_change_writes_its_event_audit_line_and_reaction_and_a_rollback_writes_none() {
    let db = TestDb::with_subscriptions(vec![reaction().subscription]).await;
    let org = db.org("acme").await;
    let subject = (Uuid::new_v4(), None);
    let change = || Change::to(Thing { name: "a".into() }).because(Some("because"));
    let mut tx = org.tx().await;
    tx.record::<Made, _>(subject, change()).await.unwrap();
    drop(tx);
    assert_eq!(
        (org.count("event_log").await, org.count("audit_logs").await, org.count("jobs").await),
        (0, 0, 0)
    );

    let mut tx = org.tx().await;
    tx.record::<Made, _>(subject, change()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        (org.count("event_log").await, org.count("audit_logs").await, org.count("jobs").await),
        (1, 1, 1)
    );
    let mut tx = org.tx().await;
    let query = "select queue, max_attempts, lane from jobs";
    let declared: (String, i32, Option<String>) = sqlx::query_as(query).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(declared, ("notify".into(), 3, Some(format!("thing_made_is_told:{}", subject.0))));
    drop(tx);

    let (sender, mut told) = mpsc::unbounded_channel();
    let mut registry = Registry::default();
    reaction().register(&sender, &mut registry);
    jobs::run_due(&db.db, &registry).await.unwrap();
    let (event, job) = told.recv().await.unwrap();
    assert_eq!((event.subject_id, job.org), (subject.0, org.id));
    assert_eq!(event.payload.after.unwrap().name, "a");
    assert_eq!(event.payload.reason, None, "words stand beside the record");
    assert_eq!(org.count("change_reasons").await, 1);
}
