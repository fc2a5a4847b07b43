//! What a death in between leaves behind.

use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;
use wiremock::Request;

use super::POST;
use crate::{
    card::State,
    tests::{World, response},
};

/// Puts everything back to where it was before the record: the platform has the message, we do not know it.
const FORGET: &str = "with forgotten as (
        update deliveries set status = 'pending', delivered_at = null returning org_id, id, receiver_id
    ), unposted as (
        update im_messages set external_ref = null
    )
    insert into jobs (id, org_id, queue, kind, args, lane, state, rank, run_at, max_attempts, correlation_id, created_at)
    select gen_random_uuid(), org_id, 'notify', 'deliver', jsonb_build_object('delivery_id', id),
        'receiver/' || receiver_id, 'scheduled', '2026-11-21 12:00Z', '2026-11-21 12:00Z', 15, gen_random_uuid(), '2026-11-21 12:00Z'
    from forgotten";

#[tokio::test]
async fn a_crash_before_the_record_repeats_a_message_only_where_there_is_no_idempotency_key() {
    let world = World::new().await;
    world.slack_works().await;
    world.lark_app_works().await;
    world.slack_bot("devops").await;
    world.lark_app("ops").await;
    world.announce(Uuid::new_v4(), &["devops", "ops"], State::Opened).await;
    world.deliver().await;
    world.execute(FORGET).await;
    world.deliver().await;
    let got = world.got().await;
    let sent = |line: &str| -> Vec<&Value> {
        got.iter().filter(|got| got.line.starts_with(line)).map(|got| &got.body).collect()
    };
    // Slack can only be counted; Lark is told that it is the same message.
    let (slack, lark) = (sent(POST), sent("POST /open-apis/im/v1/messages"));
    assert_eq!((slack.len(), lark.len()), (2, 2));
    assert_eq!(slack[0]["metadata"], slack[1]["metadata"]);
    assert!(lark[0]["uuid"].is_string());
    assert_eq!(lark[0]["uuid"], lark[1]["uuid"]);
}

#[tokio::test]
async fn a_job_that_runs_again_after_the_record_sends_nothing() {
    let world = World::new().await;
    world.slack_works().await;
    world.slack_bot("devops").await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    world
        .execute(
            "insert into jobs (id, org_id, queue, kind, args, rank, run_at, max_attempts, correlation_id, created_at)
            select gen_random_uuid(), org_id, 'notify', 'deliver', jsonb_build_object('delivery_id', id),
                '2026-11-21 12:00Z', '2026-11-21 12:00Z', 15, gen_random_uuid(), '2026-11-21 12:00Z'
            from deliveries",
        )
        .await;
    assert_eq!(world.deliver().await, 1);
    assert_eq!(world.got().await.len(), 1);
}

#[tokio::test]
async fn a_record_that_fails_is_repeated_and_the_message_is_not() {
    let world = World::new().await;
    world.slack_works().await;
    let receiver = world.slack_bot("devops").await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    // A sequence remembers across the rollback that the first update was refused.
    world
        .execute(
            "create sequence refusals;
            grant usage on sequence refusals to steward_tenant;
            create function refuse() returns trigger language plpgsql as
                $$ begin if nextval('refusals') = 1 then raise 'not now'; end if; return new; end $$;
            create trigger refuse before update on deliveries for each row execute function refuse();",
        )
        .await;
    world.deliver().await;
    assert_eq!(world.got().await.len(), 1);
    let log = world.log(receiver).await;
    assert_eq!((&log[0]["status"], &log[0]["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!(world.org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_while_it_sent_leaves_nothing_to_send() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    let url = world.db.url.clone();
    let stolen = move |_: &Request| {
        let url = url.clone();
        std::thread::spawn(move || block_on(steal_jobs(url))).join().unwrap();
        response(200, json!({ "ok": true, "channel": "C1", "ts": "1.5" }))
    };
    world.mock(POST).respond_with(stolen).mount(&world.server).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    // The second run is that of the worker that took over.
    assert_eq!(world.deliver().await, 2);
    assert_eq!(world.got().await.len(), 1);
    assert_eq!(world.log(receiver).await[0]["status"], "delivered");
}

async fn steal_jobs(url: String) {
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let steal = "update jobs set fence = fence + 1, state = 'available', lease_until = null, worker = null";
    assert_eq!(connection.execute(steal).await.unwrap().rows_affected(), 1);
    connection.execute("update job_lanes set state = 'ready'").await.unwrap();
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
}
