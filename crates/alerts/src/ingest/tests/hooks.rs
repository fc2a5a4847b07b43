//! The hooks from request to row.

use serde_json::{Value, json};
use testkit::TestDb;

use super::{client, fire, firing, resolved, webhook};

#[tokio::test]
async fn a_webhook_of_alertmanager_becomes_alerts_and_one_issue_for_its_group() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let body = webhook(&[firing("a:9100"), firing("b:9100")]);
    let receipt = client.post("/hooks/alertmanager?receiver_im=devops-slack", body).await.expect(202);
    assert_eq!((&receipt["accepted"], &receipt["created"]), (&json!(2), &json!(2)));
    assert_eq!(receipt["warnings"], json!([]));
    assert_eq!((org.count("alerts").await, org.count("issues").await), (2, 1));

    let id = receipt["alerts"][0]["id"].as_str().unwrap();
    let alert = client.get(&format!("/api/v1/alerts/{id}")).await.expect(200);
    assert_eq!(alert["title"], "Instance a:9100 is down");
    assert_eq!(alert["source"], "prometheus");
    assert_eq!(alert["alert_type"], "InstanceDown");
    assert_eq!(alert["severity"], "critical");
    assert_eq!(alert["status"], "investigating");
    assert_eq!(alert["description"], "No scrape for 5 minutes.");
    assert_eq!(alert["fingerprint"], "fp-a:9100");
    assert_eq!(alert["labels"]["job"], "node");
    assert_eq!(alert["starts_at"], "2026-11-21T11:58:00.123456Z");
    assert_eq!(alert["ends_at"], Value::Null);
    assert_eq!(alert["receiver_im"], "devops-slack");
    assert_eq!(alert["raw_payload"]["alerts"], json!([firing("a:9100")]));

    let issue =
        client.get(&format!("/api/v1/issues/{}", alert["issue_id"].as_str().unwrap())).await.expect(200);
    assert_eq!(issue["status"], "analyzing");
    assert_eq!(issue["title"], "Instance a:9100 is down");
    assert_eq!(issue["receivers"], json!(["devops-slack"]));
    assert_eq!(issue["alert_count"], 2);
}

#[tokio::test]
async fn a_raw_payload_can_be_posted_again_as_it_is() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let receipt = client.post("/hooks/alertmanager", webhook(&[firing("a"), firing("b")])).await.expect(202);
    let alert = client.get(&format!("/api/v1/alerts/{}", receipt["alerts"][1]["id"].as_str().unwrap())).await;
    let raw = alert.expect(200)["raw_payload"].clone();
    let again = client.post("/hooks/alertmanager", raw).await.expect(202);
    assert_eq!(again["alerts"][0]["id"], receipt["alerts"][1]["id"]);
    assert_eq!(again["alerts"][0]["outcome"], "repeated");
}

#[tokio::test]
async fn a_repeat_of_an_open_alert_counts_instead_of_opening_another() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let first = client.post("/hooks/alertmanager", webhook(&[firing("a")])).await.expect(202);
    db.clock.advance(chrono::TimeDelta::minutes(5));
    let mut again = firing("a");
    again["labels"]["shard"] = "3".into();
    again["labels"]["severity"] = "warning".into();
    let second = client.post("/hooks/alertmanager", webhook(&[again])).await.expect(202);
    assert_eq!(second["repeated"], 1);
    let alert = client
        .get(&format!("/api/v1/alerts/{}", first["alerts"][0]["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(alert["occurrences"], 2);
    assert_eq!(alert["received_at"], "2026-11-21T12:00:00Z");
    assert_eq!(alert["last_seen_at"], "2026-11-21T12:05:00Z");
    assert_eq!(alert["labels"]["shard"], "3");
    assert_eq!(alert["severity"], "critical", "the severity only rises");
    assert_eq!(org.count("issues").await, 1);
}

#[tokio::test]
async fn an_alert_that_its_source_resolves_is_resolved_and_the_next_one_is_new() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let first = client.post("/hooks/alertmanager", webhook(&[firing("a")])).await.expect(202);
    let end = client.post("/hooks/alertmanager", webhook(&[resolved("a")])).await.expect(202);
    assert_eq!((&end["resolved"], &end["alerts"][0]["id"]), (&json!(1), &first["alerts"][0]["id"]));
    let alert = client
        .get(&format!("/api/v1/alerts/{}", first["alerts"][0]["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(alert["status"], "resolved");
    assert_eq!(alert["ends_at"], "2026-11-21T11:59:30Z");
    assert_eq!(alert["resolved_at"], "2026-11-21T12:00:00Z");
    assert_eq!(alert["resolved_by"], Value::Null);
    let next = client.post("/hooks/alertmanager", webhook(&[firing("a")])).await.expect(202);
    assert_eq!(next["created"], 1);
    assert_ne!(next["alerts"][0]["id"], first["alerts"][0]["id"]);
}

#[tokio::test]
async fn the_end_of_an_alert_that_is_not_open_stores_nothing() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let receipt = client(&db, &org).post("/hooks/alertmanager", webhook(&[resolved("a")])).await.expect(202);
    assert_eq!(receipt["ignored"], 1);
    assert_eq!(
        receipt["alerts"],
        json!([{ "id": null, "fingerprint": "fp-a", "outcome": "unmatched_resolve" }])
    );
    assert_eq!((org.count("alerts").await, org.count("event_log").await), (0, 0));
}

#[tokio::test]
async fn several_words_about_one_fingerprint_are_taken_in_order() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let body = webhook(&[firing("a"), firing("a"), resolved("a"), firing("a")]);
    let receipt = client.post("/hooks/alertmanager", body).await.expect(202);
    let outcomes: Vec<&str> = receipt["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["created", "repeated", "resolved", "created"]);
    let alerts = client.get("/api/v1/alerts").await.expect(200);
    let states: Vec<_> = alerts["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| (&alert["status"], &alert["occurrences"]))
        .collect();
    assert_eq!(states, [(&json!("investigating"), &json!(1)), (&json!("resolved"), &json!(2))]);
    assert_eq!((org.count("issues").await, org.count("open_alerts").await), (1, 1));
}

#[tokio::test]
async fn without_group_labels_each_alert_is_an_issue_of_its_own() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut body = webhook(&[firing("a"), firing("b")]);
    body["groupLabels"] = json!({});
    body["groupKey"] = "{}:{}".into();
    client(&db, &org).post("/hooks/alertmanager", body).await.expect(202);
    assert_eq!(org.count("issues").await, 2);
}

#[tokio::test]
async fn an_alert_sent_to_two_receivers_is_told_to_both() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    for receiver in ["oncall", "devops", "oncall"] {
        let path = format!("/hooks/alertmanager?receiver_im={receiver}");
        client.post(&path, webhook(&[firing("a")])).await.expect(202);
    }
    let issues = client.get("/api/v1/issues").await.expect(200);
    let issue = client
        .get(&format!("/api/v1/issues/{}", issues["items"][0]["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(issue["receivers"], json!(["oncall", "devops"]));
}

#[tokio::test]
async fn a_worse_alert_makes_its_open_issue_worse() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    for (title, severity) in [("a", "low"), ("b", "critical"), ("c", "medium")] {
        let alert = json!({ "title": title, "severity": severity, "group_key": "db" });
        client.post("/hooks/generic", alert).await.expect(202);
    }
    let issues = client.get("/api/v1/issues").await.expect(200);
    assert_eq!(issues["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&issues["items"][0]["severity"], &issues["items"][0]["title"]),
        (&json!("critical"), &json!("a"))
    );
}

#[tokio::test]
async fn every_new_alert_and_issue_is_told_as_an_event() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    client.post("/hooks/alertmanager?receiver_im=x", webhook(&[firing("a")])).await.expect(202);
    client.post("/hooks/alertmanager", webhook(&[firing("b"), resolved("a")])).await.expect(202);
    let mut tx = org.tx().await;
    let query = "select kind, payload from event_log where org_id = $1 order by id";
    let told: Vec<(String, Value)> = sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = [
        "alert.received.v1",
        "issue.opened.v1",
        "alert.received.v1",
        "issue.alerts_added.v1",
        "alert.resolved.v1",
    ];
    assert_eq!(kinds, expected);
    let opened = &told[1].1;
    assert_eq!(opened["alert_ids"], json!([told[0].1["alert_id"]]));
    assert_eq!(opened["receivers"], json!(["x"]));
    assert_eq!((&opened["severity"], opened.get("title")), (&json!("critical"), None));
}

#[tokio::test]
async fn nothing_is_stored_when_one_alert_of_a_request_is_wrong() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut wrong = firing("b");
    wrong["labels"] = json!(["alertname"]);
    let answer = client(&db, &org).post("/hooks/alertmanager", webhook(&[firing("a"), wrong])).await;
    let problem = answer.expect(422);
    assert_eq!(problem["code"], "invalid_alert");
    assert_eq!(problem["errors"][0]["pointer"], "/alerts/1/labels");
    assert_eq!(org.count("alerts").await, 0);
}

#[tokio::test]
async fn a_hook_needs_the_permission_to_ingest() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let reader =
        testkit::TestClient::new(super::router(&db), Some(org.caller_with(&["alerts:read", "alerts:write"])));
    assert_eq!(reader.post("/hooks/generic", json!({ "title": "x" })).await.problem(403), "forbidden");
    let nobody = testkit::TestClient::new(super::router(&db), None);
    assert_eq!(nobody.post("/hooks/alertmanager", webhook(&[])).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let body = json!({ "title": "x".repeat(10 << 20) });
    assert_eq!(client(&db, &org).post("/hooks/generic", body).await.problem(413), "body_too_large");
}

#[tokio::test]
async fn two_organizations_with_the_same_fingerprint_have_an_alert_each() {
    let db = TestDb::new().await;
    let (acme, umbrella) = (db.org("acme").await, db.org("umbrella").await);
    let ours = fire(&client(&db, &acme), &["disk"]).await;
    let theirs = fire(&client(&db, &umbrella), &["disk"]).await;
    assert_ne!(ours, theirs);
    let path = format!("/api/v1/alerts/{}", theirs[0]);
    assert_eq!(client(&db, &acme).get(&path).await.problem(404), "not_found");
}
