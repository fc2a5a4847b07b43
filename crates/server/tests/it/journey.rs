//! Journey 1: an alert is investigated.

use serde_json::{Value, json};
use testkit::scripted_llm::{Scripted, ScriptedLlm};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::product::{Member, TestProduct};

const SOP: &str = r#"# Disk fills up
1. **How much is left?**
   - run: `free_space(host=labels.host)` as `disk`
   - expect: `disk.percent < 10`
## Verdict
- real if `disk.percent < 10`: "{{ labels.host }} has {{ disk.percent }}% left"
  - cause: "the backup of last night was kept"
  - because: "{{ disk.percent }}% are left" [disk]
  - do: "Remove the backup"
- false positive otherwise: "there is room"
  - because: "{{ disk.percent }}% are left" [disk]
"#;

/// An Alertmanager webhook (prometheus.io/docs/alerting/latest/configuration/#webhook_config).
fn webhook(status: &str, host: &str) -> Value {
    json!({
        "version": "4", "groupKey": "{}:{alertname=\"DiskFull\"}", "truncatedAlerts": 0, "status": status,
        "receiver": "steward", "groupLabels": { "alertname": "DiskFull" }, "commonLabels": {}, "commonAnnotations": {},
        "externalURL": "http://alertmanager.example",
        "alerts": [{
            "status": status,
            "labels": { "alertname": "DiskFull", "host": host, "severity": "critical" },
            "annotations": { "summary": format!("The disk of {host} is nearly full") },
            "startsAt": "2026-11-21T11:50:00Z",
            "endsAt": if status == "firing" { "0001-01-01T00:00:00Z" } else { "2026-11-21T12:10:00Z" },
            "generatorURL": "http://prometheus.example/graph", "fingerprint": format!("f-{host}")
        }]
    })
}

async fn issue_of(member: &Member, posted: &Value) -> Value {
    let id = posted["alerts"][0]["id"].as_str().unwrap();
    let alert = member.client.get(&format!("/api/v1/alerts/{id}")).await.expect(200);
    let issue = alert["issues"][0]["id"].as_str().unwrap().to_owned();
    member.client.get(&format!("/api/v1/issues/{issue}")).await.expect(200)
}

async fn latest_run(member: &Member, issue: &Value) -> Value {
    let id = issue["id"].as_str().unwrap();
    let runs = member.client.get(&format!("/api/v1/issues/{id}/runs")).await.expect(200);
    let run = runs["items"][0]["id"].as_str().unwrap().to_owned();
    member.client.get(&format!("/api/v1/runs/{run}")).await.expect(200)
}

fn kinds(run: &Value) -> Vec<&str> {
    run["steps"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn without_a_model_the_executable_steps_run_and_rules_conclude_with_evidence() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    ops.add_tool(
        "free_space",
        "export default async function ({ host }) { return { percent: host === 'db-1' ? 4 : 60 } }",
    )
    .await;
    ops.add_skill("Disk fills up", SOP).await;
    let posted = ops.client.post("/hooks/alertmanager", webhook("firing", "db-1")).await.expect(202);
    product.settle().await;

    let issue = issue_of(&ops, &posted).await;
    assert_eq!(
        (issue["status"].as_str(), issue["is_real_issue"].as_bool()),
        (Some("in_progress"), Some(true))
    );
    assert_eq!(issue["ai_conclusion"], "db-1 has 4% left");
    let run = latest_run(&ops, &issue).await;
    assert_eq!(kinds(&run), ["skill_matched", "tool_called", "conclusion"]);
    assert_eq!(run["output"]["claims"][0], json!({ "text": "4% are left", "steps": [2], "verified": true }));

    let resolved = ops.client.post("/hooks/alertmanager", webhook("resolved", "db-1")).await.expect(202);
    assert_eq!(resolved["alerts"][0]["outcome"], "resolved");
    product.settle().await;
    let issue = issue_of(&ops, &posted).await;
    assert_eq!(issue["status"], "resolved");
}

#[tokio::test]
async fn reprocessing_adds_a_run_and_keeps_the_earlier_one() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    ops.add_tool("free_space", "export default async () => ({ percent: 60 })").await;
    ops.add_skill("Disk fills up", SOP).await;
    let posted = ops.client.post("/hooks/alertmanager", webhook("firing", "db-2")).await.expect(202);
    product.settle().await;
    let issue = issue_of(&ops, &posted).await;
    assert_eq!(issue["status"], "false_positive");
    let path = format!("/api/v1/issues/{}", issue["id"].as_str().unwrap());
    ops.client.post(&format!("{path}/reprocess"), json!({})).await.expect(200);
    product.settle().await;
    let runs = ops.client.get(&format!("{path}/runs")).await.expect(200);
    let states: Vec<_> =
        runs["items"].as_array().unwrap().iter().map(|run| run["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["succeeded", "succeeded"]);
    assert_eq!(ops.client.get(&path).await.expect(200)["status"], "false_positive");
}

#[tokio::test]
async fn the_overview_counts_what_is_open_what_came_in_and_what_became_of_it() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    ops.add_tool("free_space", "export default async ({ host }) => ({ percent: host === 'db-1' ? 4 : 60 })")
        .await;
    ops.add_skill("Disk fills up", SOP).await;
    for host in ["db-1", "db-2"] {
        ops.client
            .post("/hooks/generic", json!({ "title": host, "severity": "high", "labels": { "host": host } }))
            .await
            .expect(202);
    }
    product.settle().await;
    product.db.clock.advance(chrono::TimeDelta::hours(2));
    ops.client
        .post("/hooks/generic", json!({ "title": "db-3", "labels": { "host": "db-3" } }))
        .await
        .expect(202);
    let overview = ops.client.get("/api/v1/overview").await.expect(200);
    assert_eq!(overview["open_alerts"], json!({ "critical": 0, "high": 1, "medium": 1, "low": 0 }));
    assert_eq!(overview["open_issues"], json!({ "analyzing": 1, "in_progress": 1 }));
    assert_eq!(overview["verdicts"], json!({ "real": 1, "false_positive": 1, "undetermined": 0 }));
    assert_eq!(
        overview["ingest"],
        json!([{ "at": "2026-11-21T12:00:00Z", "count": 2 }, { "at": "2026-11-21T14:00:00Z", "count": 1 }])
    );
    let days = overview["verdict_series"].as_array().unwrap();
    assert_eq!(
        (days.len(), &days[0]["at"], &days[0]["real"]),
        (1, &json!("2026-11-21T00:00:00Z"), &json!(1))
    );
    assert_eq!(overview["median_seconds_to_conclusion"], 0.0);
    // Of the last day only, a day and an hour later: nothing came in.
    product.db.clock.advance(chrono::TimeDelta::hours(25));
    let overview = ops.client.get("/api/v1/overview?days=1").await.expect(200);
    assert_eq!((&overview["ingest"], &overview["verdict_series"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn everybody_sees_who_decided_and_why_but_not_from_where() {
    let product = TestProduct::new().await;
    let (ops, viewer) = (product.member("acme", "member").await, product.member("acme", "viewer").await);
    let sender = product.member("acme", "api").await;
    let posted = sender.client.post("/hooks/generic", json!({ "title": "Something odd" })).await.expect(202);
    product.settle().await;
    let issue = issue_of(&ops, &posted).await;
    let path = format!("/api/v1/issues/{}", issue["id"].as_str().unwrap());
    ops.client.post(&format!("{path}/resolve"), json!({ "reason": "a drill" })).await.expect(200);
    let history = viewer.client.get(&format!("{path}/history")).await.expect(200);
    let line = &history["items"][0];
    assert_eq!((&line["actor_name"], &line["reason"]), (&json!("member"), &json!("a drill")));
    assert_eq!((&line["after"]["status"], line.get("ip")), (&json!("resolved"), None));
    let alert = format!("/api/v1/alerts/{}", posted["alerts"][0]["id"].as_str().unwrap());
    ops.client.post(&format!("{alert}/reopen"), json!({ "reason": "it was none" })).await.expect(200);
    let history = viewer.client.get(&format!("{alert}/history")).await.expect(200);
    assert_eq!(history["items"][0]["reason"], "it was none");
    assert_eq!(viewer.client.get("/api/v1/audit").await.problem(403), "forbidden");
}

#[tokio::test]
async fn an_alert_that_no_skill_knows_is_left_to_people_and_says_so() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    let posted = ops.client.post("/hooks/generic", json!({ "title": "Something odd" })).await.expect(202);
    product.settle().await;
    let issue = issue_of(&ops, &posted).await;
    assert_eq!(
        (issue["status"].as_str(), &issue["is_real_issue"]),
        (Some("unable_to_resolve"), &Value::Null)
    );
    let run = latest_run(&ops, &issue).await;
    assert_eq!(run["steps"][0]["metadata"]["matched"], Value::Null);
}

#[tokio::test]
async fn a_channel_hears_the_newest_state_of_an_issue_whatever_the_order_of_the_jobs() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    let slack = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_string("ok"))
        .mount(&slack)
        .await;
    let receiver = json!({
        "name": "Ops", "receiver_im": "ops", "im_type": "slack", "transport": "webhook",
        "webhook_url": format!("{}/services/T0/B0/x", slack.uri()), "is_default": true
    });
    let receiver = ops.client.post("/api/v1/receivers", receiver).await.expect(201);
    ops.client.post("/hooks/generic", json!({ "title": "Something odd" })).await.expect(202);
    product.follow().await;
    // As after a crash: the announcement of the opening is done long after that of the conclusion.
    let mut tx = product.db.db.system("a test holds a job back").await.unwrap();
    let held = sqlx::query(
        "update jobs set state = 'scheduled', run_at = run_at + interval '1 hour' where kind = 'issue_opened_tells_receivers'",
    );
    assert_eq!(held.execute(tx.conn()).await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
    product.settle().await;
    product.db.clock.advance(chrono::TimeDelta::hours(2));
    product.settle().await;

    let path = format!("/api/v1/receivers/{}/deliveries", receiver["id"].as_str().unwrap());
    let told = ops.client.get(&path).await.expect(200);
    let told = told["items"].as_array().unwrap().iter().rev();
    let states: Vec<_> = told.map(|one| json!([one["state"], one["status"]])).collect();
    assert_eq!(states, [json!(["opened", "superseded"]), json!(["unable_to_resolve", "delivered"])]);
    let got = slack.received_requests().await.unwrap();
    let said: Vec<String> = got.iter().map(|one| String::from_utf8_lossy(&one.body).into_owned()).collect();
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("Unable to resolve"), "{said:?}");
}

#[tokio::test]
async fn with_a_model_the_same_skill_is_reasoned_about_and_the_claims_cite_steps() {
    let conclusion = json!({
        "verdict": "real", "summary": "db-1 has 4% left", "cause": "an old backup",
        "claims": [{ "text": "free_space answered 4", "steps": [2] }], "actions": ["Remove the backup"], "confidence": 0.9
    });
    let model = ScriptedLlm::start([
        Scripted::call("free_space", json!({ "host": "db-1" })).tokens(900, 40, 0),
        Scripted::call("conclude", conclusion).tokens(1000, 80, 0),
    ])
    .await;
    let url = model.openai_url().to_string();
    let product = TestProduct::with(|settings| {
        settings.model.llm_provider = server::process::settings::Provider::Openai;
        settings.model.llm_base_url = Some(url.parse().unwrap());
        settings.model.llm_model = Some("scripted".into());
        settings.model.llm_price_in = 2.0;
    })
    .await;
    let ops = product.member("acme", "admin").await;
    ops.add_tool("free_space", "export default async () => ({ percent: 4 })").await;
    ops.add_skill("Disk fills up", SOP).await;
    let posted = ops.client.post("/hooks/alertmanager", webhook("firing", "db-1")).await.expect(202);
    product.settle().await;

    let issue = issue_of(&ops, &posted).await;
    let run = latest_run(&ops, &issue).await;
    assert_eq!(issue["status"], "in_progress", "{run:#}");
    assert_eq!((run["mode"].as_str(), run["model"].as_str()), (Some("model"), Some("scripted")));
    assert_eq!((run["tokens_in"].as_i64(), run["tokens_out"].as_i64()), (Some(1900), Some(120)));
    assert_eq!(run["output"]["cause"], "an old backup");
    assert_eq!(run["output"]["claims"][0]["steps"], json!([2]));
}

#[tokio::test]
async fn a_bad_request_is_refused_with_its_place_and_stores_nothing() {
    let product = TestProduct::new().await;
    let ops = product.member("acme", "admin").await;
    let check = async |path: &str, body: String, status: u16, code: &str| {
        let response = ops.client.send(axum::http::Method::POST, path, body.into()).await;
        assert_eq!(
            (response.status.as_u16(), response.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            response.body
        );
    };
    check("/hooks/alertmanager", "{".into(), 400, "malformed_json").await;
    check("/hooks/alertmanager", "[]".into(), 422, "invalid_alert").await;
    check("/hooks/generic", r#"{"title": 7}"#.into(), 422, "invalid_alert").await;
    check("/hooks/generic", r#"{"title": "a\u0000b"}"#.into(), 400, "malformed_json").await;
    check("/hooks/generic", r#"{"title": "\ud800"}"#.into(), 400, "malformed_json").await;
    check("/hooks/generic", format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), 400, "malformed_json")
        .await;
    check("/hooks/generic", format!(r#"{{"title": "{}"}}"#, "x".repeat(10 << 20)), 413, "body_too_large")
        .await;
    assert_eq!(ops.client.get("/api/v1/alerts").await.expect(200)["items"], json!([]));
}
