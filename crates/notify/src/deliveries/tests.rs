use chrono::TimeDelta;
use kernel::EventId;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wiremock::{Request, ResponseTemplate};

use super::deliver::MAX_ATTEMPTS;
use crate::{
    card::State,
    tests::{World, lines, response},
};

const POST: &str = "POST /api/chat.postMessage";
const UPDATE: &str = "POST /api/chat.update";

/// What is told last in the trail of a Slack message.
fn states(message: &Value) -> String {
    let context = &message["attachments"][0]["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|block| block["type"] == "context");
    let text = context.unwrap()["elements"][0]["text"].as_str().unwrap();
    text.split("  →  ").map(|step| step.split(" <!date").next().unwrap()).collect::<Vec<_>>().join(" > ")
}

#[tokio::test]
async fn a_slack_bot_posts_once_and_edits_from_then_on() {
    let world = World::new().await;
    world.slack_works().await;
    let receiver = world.slack_bot("devops").await;
    let issue = Uuid::new_v4();
    for state in [State::Analyzing, State::Concluded, State::Resolved] {
        world.announce(issue, &["devops"], state).await;
    }
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, UPDATE, UPDATE]);
    assert!(got.iter().all(|got| got.authorization.as_deref() == Some("Bearer xoxb-devops-canary")));
    assert_eq!((&got[0].body["channel"], &got[0].body["ts"]), (&json!("C-devops"), &Value::Null));
    assert_eq!((&got[1].body["channel"], &got[1].body["ts"]), (&json!("C1"), &json!("1.5")));
    assert_eq!(states(&got[2].body), "Analyzing > Concluded > Resolved");

    let log = world.log(receiver).await;
    let shown: Vec<_> = log.iter().map(|delivery| (&delivery["state"], &delivery["status"])).collect();
    assert_eq!(
        json!(shown),
        json!([["resolved", "delivered"], ["concluded", "delivered"], ["analyzing", "delivered"]])
    );
    assert_eq!(got[2].body["metadata"]["event_payload"]["delivery_id"], log[0]["id"]);
    assert_eq!(world.show(receiver).await["health"], "ok");
}

#[tokio::test]
async fn a_webhook_posts_a_message_for_each_state() {
    let world = World::new().await;
    world.answers("POST /services/T0/B0/devops-canary", 200, json!("ok")).await;
    world.slack_webhook("devops").await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["devops"], State::Analyzing).await;
    world.announce(issue, &["devops"], State::Concluded).await;
    world.deliver().await;
    let got = world.got().await;
    let heads: Vec<_> = got.iter().map(|got| got.body["text"].as_str().unwrap()).collect();
    assert_eq!(
        heads,
        [
            "[Critical] Analyzing: Pod web-1 crash-loops",
            "[Critical] Concluded: Pod web-1 crash-loops. Real issue"
        ]
    );
}

#[tokio::test]
async fn a_lark_custom_bot_gets_a_signed_card() {
    let world = World::new().await;
    world
        .answers("POST /open-apis/bot/v2/hook/ops-canary", 200, json!({ "code": 0, "msg": "success" }))
        .await;
    world.lark_webhook("ops").await;
    world.announce(Uuid::new_v4(), &["ops"], State::Concluded).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), ["POST /open-apis/bot/v2/hook/ops-canary"]);
    let body = &got[0].body;
    assert_eq!((&body["msg_type"], &body["timestamp"]), (&json!("interactive"), &json!("1795262400")));
    // Computed with Python's hmac module.
    assert_eq!(body["sign"], "SDM9AF6vdsZuKhoHHiOoyTRmr/C+oSyv+hSYU/jkTZ0=");
    assert_eq!(body["card"]["header"]["title"]["content"], "Pod web-1 crash-loops");
}

#[tokio::test]
async fn a_lark_app_posts_with_an_idempotency_key_and_edits_with_the_same_token() {
    let world = World::new().await;
    world.lark_app_works().await;
    let receiver = world.lark_app("ops").await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["ops"], State::Analyzing).await;
    world.announce(issue, &["ops"], State::Concluded).await;
    world.deliver().await;
    let got = world.got().await;
    let token = "POST /open-apis/auth/v3/tenant_access_token/internal";
    let post = "POST /open-apis/im/v1/messages?receive_id_type=chat_id";
    assert_eq!(lines(&got), [token, post, "PATCH /open-apis/im/v1/messages/om_1"]);
    assert_eq!(got[0].body, json!({ "app_id": "cli_1", "app_secret": "app-secret-canary" }));
    assert_eq!(got[1].authorization.as_deref(), Some("Bearer t-canary"));
    assert_eq!(
        (&got[1].body["receive_id"], &got[1].body["msg_type"]),
        (&json!("oc_1"), &json!("interactive"))
    );
    assert_eq!(got[1].body["uuid"], world.log(receiver).await[1]["id"]);
    let content = |got: &crate::tests::Got| -> Value {
        serde_json::from_str(got.body["content"].as_str().unwrap()).unwrap()
    };
    assert_eq!(content(&got[1])["config"]["update_multi"], true);
    assert!(content(&got[2]).to_string().contains("Analyzing 12:00 UTC  →  Concluded 12:00 UTC"));
}

#[tokio::test]
async fn a_lark_token_that_is_no_longer_taken_is_replaced() {
    let world = World::new().await;
    world.lark_app_works().await;
    let receiver = world.lark_app("ops").await;
    let expired = json!({ "code": 99_991_663, "msg": "Invalid access token" });
    world.answers_once("POST /open-apis/im/v1/messages", response(400, expired)).await;
    world.announce(Uuid::new_v4(), &["ops"], State::Opened).await;
    world.deliver().await;
    assert_eq!(world.got().await.len(), 4);
    assert_eq!(world.log(receiver).await[0]["status"], "delivered");

    // Two hours later the kept one has run out.
    world.db.clock.advance(TimeDelta::hours(2));
    world.announce(Uuid::new_v4(), &["ops"], State::Opened).await;
    world.deliver().await;
    assert_eq!(lines(&world.got().await)[0], "POST /open-apis/auth/v3/tenant_access_token/internal");
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_in_order_and_delays_nobody_else() {
    let world = World::new().await;
    world.slack_works().await;
    world.answers("POST /services/T0/B0/other-canary", 200, json!("ok")).await;
    let (slow, other) = (world.slack_bot("slow").await, world.slack_webhook("other").await);
    world.answers_once(POST, ResponseTemplate::new(429).insert_header("retry-after", "30")).await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["slow", "other"], State::Analyzing).await;
    world.announce(issue, &["slow", "other"], State::Concluded).await;
    world.deliver().await;
    let delivered = async |receiver| {
        world.log(receiver).await.iter().filter(|delivery| delivery["status"] == "delivered").count()
    };
    assert_eq!((delivered(slow).await, delivered(other).await), (0, 2));
    assert_eq!(world.log(slow).await[1]["error"], "rate limited for 30 s (HTTP 429 Too Many Requests)");
    assert_eq!(world.show(slow).await["health"], "unknown");

    world.got().await;
    world.db.clock.advance(TimeDelta::seconds(29));
    assert_eq!(world.deliver().await, 0);
    world.db.clock.advance(TimeDelta::seconds(1));
    world.deliver().await;
    assert_eq!(lines(&world.got().await), [POST, UPDATE]);
    assert_eq!(delivered(slow).await, 2);
}

#[tokio::test]
async fn a_platform_that_does_not_answer_holds_up_only_its_own_receiver() {
    let world = World::new().await;
    let (hangs, other) = (world.slack_bot("hangs").await, world.slack_webhook("other").await);
    let never = ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(3600));
    world.answers_once(POST, never).await;
    world.answers("POST /services/T0/B0/other-canary", 200, json!("ok")).await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["hangs", "other"], State::Opened).await;
    world.announce(issue, &["hangs", "other"], State::Resolved).await;
    let worker = tokio::spawn(world.worker().run(CancellationToken::new()));
    while world.log(other).await.iter().any(|delivery| delivery["status"] == "pending") {
        tokio::task::yield_now().await;
    }
    let mut to_slack = 0;
    while to_slack == 0 {
        to_slack += world.got().await.iter().filter(|got| got.line == POST).count();
        tokio::task::yield_now().await;
    }
    // The second state waits behind the first, whose answer is still awaited.
    assert_eq!(to_slack, 1);
    assert!(world.log(hangs).await.iter().all(|delivery| delivery["status"] == "pending"));
    worker.abort();
}

#[tokio::test]
async fn a_platform_that_limits_for_ever_is_shown_as_failing_and_given_up_after_a_day() {
    let world = World::new().await;
    world.answers(POST, 429, json!({})).await;
    let receiver = world.slack_bot("slow").await;
    world.announce(Uuid::new_v4(), &["slow"], State::Opened).await;
    for _ in 0..20 {
        world.deliver().await;
        world.db.clock.advance(TimeDelta::seconds(10));
    }
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    assert_eq!(world.show(receiver).await["health"], "failing");
    world.db.clock.advance(TimeDelta::days(1));
    for _ in 0..MAX_ATTEMPTS {
        world.deliver().await;
        world.db.clock.advance(TimeDelta::seconds(10));
    }
    assert_eq!(world.log(receiver).await[0]["status"], "failed");
}

#[tokio::test]
async fn a_refusal_that_cannot_pass_fails_the_delivery_but_not_the_next_one() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "channel_not_found" }))).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let log = world.log(receiver).await;
    assert_eq!((&log[1]["status"], &log[1]["attempts"]), (&json!("failed"), &json!(1)));
    assert!(
        log[1]["error"].as_str().unwrap().starts_with("Slack says channel_not_found: use the channel's ID")
    );
    assert_eq!(log[0]["status"], "delivered");
    assert_eq!(world.org.count("dead_jobs").await, 1);
    assert_eq!(world.events("delivery.").await, ["delivery.failed.v1"]);
    let health = ["receiver.created.v1", "receiver.failing.v1", "receiver.recovered.v1"];
    assert_eq!(world.events("receiver.").await, health);
}

#[tokio::test]
async fn a_platform_s_own_failure_is_retried_and_given_up_after_the_last_attempt() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.answers(POST, 503, json!("maintenance")).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let shown = world.show(receiver).await;
    assert_eq!((&shown["health"], &shown["consecutive_failures"]), (&json!("failing"), &json!(1)));
    assert_eq!(shown["last_error"], "HTTP 503 Service Unavailable: maintenance");
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    for _ in 1..MAX_ATTEMPTS {
        world.db.clock.advance(TimeDelta::minutes(5));
        world.deliver().await;
    }
    let log = world.log(receiver).await;
    assert_eq!((&log[0]["status"], &log[0]["attempts"]), (&json!("failed"), &json!(MAX_ATTEMPTS)));
    assert_eq!(world.org.count("dead_jobs").await, 1);
    assert_eq!(world.events("receiver.").await, ["receiver.created.v1", "receiver.failing.v1"]);
}

#[tokio::test]
async fn a_failed_delivery_can_be_sent_again() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "not_in_channel" }))).await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.deliver().await;
    let id = world.log(receiver).await[0]["id"].as_str().unwrap().to_owned();
    let retry = format!("/api/v1/deliveries/{id}/retry");

    let stranger = world.client_of(&world.db.org("globex").await);
    assert_eq!(stranger.post(&retry, json!({})).await.problem(404), "not_found");
    assert_eq!(world.client().post(&retry, json!({})).await.status, 204);
    assert_eq!(world.log(receiver).await[0]["status"], "pending");
    assert_eq!(world.client().post(&retry, json!({})).await.problem(409), "delivery_not_failed");
    world.deliver().await;
    assert_eq!(world.log(receiver).await[0]["status"], "delivered");
    assert_eq!(world.client().post(&retry, json!({})).await.problem(409), "delivery_not_failed");
}

#[tokio::test]
async fn a_state_whose_predecessor_was_never_posted_is_posted() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    world.slack_works().await;
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "invalid_blocks" }))).await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["devops"], State::Opened).await;
    world.announce(issue, &["devops"], State::Concluded).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, POST]);
    // What was never shown is not in the trail.
    assert_eq!(states(&got[1].body), "Concluded");
}

#[tokio::test]
async fn a_message_that_somebody_deleted_is_posted_anew() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    world.slack_works().await;
    let issue = Uuid::new_v4();
    world.announce(issue, &["devops"], State::Opened).await;
    world.deliver().await;
    world.answers_once(UPDATE, response(200, json!({ "ok": false, "error": "message_not_found" }))).await;
    world.announce(issue, &["devops"], State::Concluded).await;
    world.deliver().await;
    assert_eq!(lines(&world.got().await), [POST, UPDATE, POST]);
}

#[tokio::test]
async fn a_state_that_comes_late_does_not_overwrite_a_newer_one() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.slack_works().await;
    let issue = Uuid::new_v4();
    let (earlier, later) = (EventId::new(testkit::start_of_time()), EventId::new(testkit::start_of_time()));
    world.announce_event(later, issue, &["devops"], State::Concluded).await;
    world.announce_event(earlier, issue, &["devops"], State::Analyzing).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), [POST, UPDATE]);
    assert!(got[1].body["text"].as_str().unwrap().starts_with("[Critical] Concluded"));
    assert_eq!(states(&got[1].body), "Analyzing > Concluded");
    // It is told nevertheless, and can be told apart.
    assert_eq!(got[1].body["metadata"]["event_payload"]["state"], "analyzing");
    assert!(world.log(receiver).await.iter().all(|delivery| delivery["status"] == "delivered"));
}

#[tokio::test]
async fn an_event_announced_twice_is_told_once() {
    let world = World::new().await;
    world.slack_bot("devops").await;
    world.slack_works().await;
    let (event, issue) = (EventId::new(testkit::start_of_time()), Uuid::new_v4());
    assert_eq!(world.announce_event(event, issue, &["devops"], State::Opened).await.told.len(), 1);
    assert_eq!(world.announce_event(event, issue, &["devops"], State::Opened).await.told.len(), 0);
    world.deliver().await;
    assert_eq!(world.announce_event(event, issue, &["devops"], State::Opened).await.told.len(), 0);
    world.deliver().await;
    assert_eq!(world.got().await.len(), 1);
}

/// Puts everything back to where it was before the record: the platform has the message, we do not know it.
const FORGET: &str = "with forgotten as (
        update deliveries set status = 'pending', delivered_at = null returning org_id, id, receiver_id
    ), unposted as (
        update im_messages set external_ref = null
    )
    insert into jobs (id, org_id, queue, kind, args, lane, run_at, max_attempts, correlation_id, created_at)
    select gen_random_uuid(), org_id, 'notify', 'deliver', jsonb_build_object('delivery_id', id),
        'receiver/' || receiver_id, '2026-11-21 12:00Z', 15, gen_random_uuid(), '2026-11-21 12:00Z'
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
            "insert into jobs (id, org_id, queue, kind, args, run_at, max_attempts, correlation_id, created_at)
            select gen_random_uuid(), org_id, 'notify', 'deliver', jsonb_build_object('delivery_id', id),
                '2026-11-21 12:00Z', 15, gen_random_uuid(), '2026-11-21 12:00Z'
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
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
}

#[tokio::test]
async fn names_decide_then_defaults_and_an_unknown_name_is_an_event() {
    let world = World::new().await;
    let named = world.slack_bot("named").await;
    let fields = json!({ "im_type": "slack", "transport": "bot", "destination_id": "C1", "bot_token": "xoxb-1", "is_default": true });
    let default = world.receiver("default", fields.clone()).await;
    let mut silent = fields;
    silent["status"] = json!("inactive");
    world.receiver("silent", silent).await;
    let check = async |names: &[&str], told, unknown: &[&str]| {
        let announced = world.announce(Uuid::new_v4(), names, State::Opened).await;
        assert_eq!(
            (announced.told, announced.unknown),
            (vec![told], unknown.iter().map(|name| (*name).into()).collect()),
            "{names:?}"
        );
    };
    check(&["named"], named, &[]).await;
    check(&[], default, &[]).await;
    check(&["silent"], default, &[]).await;
    check(&["nobody", "named"], named, &["nobody"]).await;
    check(&["nobody", "nobody"], default, &["nobody"]).await;
    assert_eq!(world.events("receiver.unknown").await.len(), 2);
}

#[tokio::test]
async fn whoever_shows_a_message_is_told_how_it_ends() {
    let world = World::new().await;
    let (first, second) = (world.slack_bot("first").await, world.slack_bot("second").await);
    let issue = Uuid::new_v4();
    world.announce(issue, &["first"], State::Opened).await;
    let announced = world.announce(issue, &["second"], State::Resolved).await;
    assert_eq!(announced.told, [first, second]);
}

#[tokio::test]
async fn a_receiver_that_was_made_inactive_meanwhile_is_told_nothing() {
    let world = World::new().await;
    let receiver = world.slack_bot("devops").await;
    world.announce(Uuid::new_v4(), &["devops"], State::Opened).await;
    world.execute("update im_receivers set status = 'inactive'").await;
    world.deliver().await;
    assert!(world.got().await.is_empty());
    assert_eq!(world.log(receiver).await[0]["error"], "the receiver was made inactive");
}

#[tokio::test]
async fn secrets_stay_out_of_everything_that_is_kept_or_shown() {
    let world = World::new().await;
    let receivers = [
        world.slack_bot("a").await,
        world.slack_webhook("b").await,
        world.lark_app("c").await,
        world.lark_webhook("d").await,
    ];
    // Platforms that repeat what they were sent.
    let slack = json!({ "ok": false, "error": "bad xoxb-a-canary" });
    let lark = |said: &str| json!({ "code": 10014, "msg": said });
    world.answers(POST, 200, slack).await;
    world.answers("POST /services/T0/B0/b-canary", 400, json!("bad b-canary")).await;
    let token = "POST /open-apis/auth/v3/tenant_access_token/internal";
    world.answers(token, 200, lark("bad app-secret-canary")).await;
    let hook = "POST /open-apis/bot/v2/hook/d-canary";
    world.answers(hook, 200, lark("bad signing-canary for d-canary")).await;
    world.announce(Uuid::new_v4(), &["a", "b", "c", "d"], State::Opened).await;
    world.deliver().await;
    assert_eq!(world.org.count("dead_jobs").await, 4);

    let mut seen = String::new();
    for receiver in receivers {
        let tested =
            world.client().post(&format!("/api/v1/receivers/{receiver}/test"), json!({})).await.expect(200);
        seen += &format!("{tested}{}{:?}", world.show(receiver).await, world.log(receiver).await);
    }
    let mut tx = world.db.db.system("a test looks for secrets").await.unwrap();
    let kept = "select coalesce(string_agg(line, ' '), '') from (
        select t::text as line from event_log t union all select t::text from audit_logs t
        union all select t::text from dead_jobs t union all select t::text from jobs t
        union all select t::text from deliveries t union all select t::text from im_messages t
        union all select t::text from im_receivers t) as kept";
    let kept: String = sqlx::query_scalar(kept).fetch_one(tx.conn()).await.unwrap();
    assert!(seen.contains("[hidden]") && kept.contains("[hidden]"));
    for canary in ["xoxb-a-canary", "b-canary", "app-secret-canary", "signing-canary", "d-canary"] {
        assert!(!seen.contains(canary) && !kept.contains(canary), "{canary}");
    }
}
