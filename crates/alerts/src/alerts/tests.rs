use serde_json::{Value, json};
use testkit::{TestClient, TestDb};
use uuid::Uuid;

use super::model::{Current, Decision, FingerprintClaim, Move, Status};
use crate::{
    AlertId, IssueId, Severity,
    ingest::tests::{client, fire, router},
};

const OTHER: AlertId = AlertId(Uuid::from_u128(2));

fn alert(status: Status, held_by: Option<AlertId>, issue_id: Option<IssueId>) -> Current {
    Current {
        id: AlertId(Uuid::from_u128(1)),
        title: "x".into(),
        description: None,
        severity: Severity::High,
        status,
        fingerprint: "f".into(),
        group_key: "g".into(),
        receiver_im: None,
        assigned_to: None,
        issue_id,
        held_by,
        node_id: None,
    }
}

#[test]
fn a_decision_is_allowed_or_says_why_not() {
    use {Decision as D, Status as S};
    let check = |from: Status, decision: Decision, expected: Result<(Status, FingerprintClaim), &str>| {
        let own = Some(AlertId(Uuid::from_u128(1)));
        let held_by = if from == S::Resolved { None } else { own };
        let decided = alert(from, held_by, None).decide(decision);
        let decided = decided.map(|Move { to, claim }| (to, claim)).map_err(|error| error.to_string());
        assert_eq!(decided, expected.map_err(str::to_owned), "{from} {decision}");
    };
    for from in [S::Open, S::Investigating] {
        check(from, D::Resolve, Ok((S::Resolved, FingerprintClaim::Release)));
        check(from, D::FalsePositive, Ok((S::FalsePositive, FingerprintClaim::Keep)));
        check(from, D::Ignore, Ok((S::Ignored, FingerprintClaim::Keep)));
    }
    check(S::Open, D::Reopen, Err("the alert is still open"));
    check(S::Investigating, D::Reopen, Err("the alert is still investigating"));
    for from in [S::Resolved, S::FalsePositive, S::Ignored] {
        for decision in [D::Resolve, D::FalsePositive, D::Ignore] {
            check(from, decision, Err(&format!("the alert is {from} already; reopen it first")));
        }
    }
    check(S::Resolved, D::Reopen, Ok((S::Open, FingerprintClaim::Take)));
    check(S::FalsePositive, D::Reopen, Ok((S::Open, FingerprintClaim::Keep)));
    check(S::Ignored, D::Reopen, Ok((S::Open, FingerprintClaim::Keep)));
}

#[test]
fn an_alert_with_an_open_issue_is_reopened_into_investigation() {
    let issue = Some(IssueId(Uuid::from_u128(9)));
    let decided = alert(Status::Resolved, None, issue).decide(Decision::Reopen).unwrap();
    assert_eq!(decided, Move { to: Status::Investigating, claim: FingerprintClaim::Take });
}

#[test]
fn an_alert_that_came_again_since_cannot_be_reopened() {
    let error = alert(Status::Resolved, Some(OTHER), None).decide(Decision::Reopen).unwrap_err();
    assert_eq!(error.code().0, "newer_alert_open");
}

#[tokio::test]
async fn a_person_decides_and_the_record_says_who_when_and_why() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let id = &fire(&client, &["disk"]).await[0];
    let path = |action: &str| format!("/api/v1/alerts/{id}/{action}");
    let alert = client.post(&path("resolve"), json!({ "reason": "cleaned up" })).await.expect(200);
    assert_eq!((&alert["status"], &alert["resolved_by"]["name"]), (&json!("resolved"), &json!("admin")));
    assert_eq!(alert["status_changed_by"]["id"], json!(org.admin));
    assert_eq!(client.post(&path("ignore"), json!({})).await.problem(409), "invalid_transition");
    let alert = client.post(&path("reopen"), Value::Null).await;
    assert_eq!(alert.problem(422), "invalid_body", "null is no object");
    let alert = client.post(&path("reopen"), json!({})).await.expect(200);
    assert_eq!((&alert["status"], &alert["resolved_at"]), (&json!("investigating"), &Value::Null));

    let mut tx = org.tx().await;
    let query =
        "select before, after, r.reason from audit_logs a left join change_reasons r using (org_id, id)
        where org_id = $1 and action = 'alert.changed' order by id";
    let lines: Vec<(Value, Value, Option<String>)> =
        sqlx::query_as(query).bind(org.id).fetch_all(tx.conn()).await.unwrap();
    let status = |status: &str| json!({ "status": status });
    let expected = [
        (status("investigating"), status("resolved"), Some("cleaned up".to_owned())),
        (status("resolved"), status("investigating"), None),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_muted_alert_stays_quiet_until_its_source_resolves_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    for action in ["ignore", "false-positive"] {
        let id = &fire(&client, &[action]).await[0];
        client.post(&format!("/api/v1/alerts/{id}/{action}"), json!({})).await.expect(200);
        assert_eq!(&fire(&client, &[action]).await[0], id, "it counts for the muted alert");
        let end = json!({ "title": action, "fingerprint": action, "status": "resolved" });
        let receipt = client.post("/hooks/generic", end).await.expect(202);
        assert_eq!(receipt["alerts"][0]["id"], json!(id));
        let alert = client.get(&format!("/api/v1/alerts/{id}")).await.expect(200);
        assert_eq!(alert["status"], action.replace('-', "_").replace("ignore", "ignored"));
        assert_eq!((&alert["ends_at"], &alert["occurrences"]), (&json!("2026-11-21T12:00:00Z"), &json!(2)));
        assert_ne!(&fire(&client, &[action]).await[0], id, "now it is new");
    }
}

#[tokio::test]
async fn an_alert_that_a_person_resolved_comes_back_as_a_new_one() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let id = fire(&client, &["disk"]).await.remove(0);
    client.post(&format!("/api/v1/alerts/{id}/resolve"), json!({})).await.expect(200);
    assert_ne!(fire(&client, &["disk"]).await[0], id);
    assert_eq!(
        client.post(&format!("/api/v1/alerts/{id}/reopen"), json!({})).await.problem(409),
        "newer_alert_open"
    );
}

#[tokio::test]
async fn only_an_active_member_can_be_given_an_alert() {
    let db = TestDb::new().await;
    let (org, other) = (db.org("acme").await, db.org("umbrella").await);
    let client = client(&db, &org);
    let path = format!("/api/v1/alerts/{}/assign", fire(&client, &["disk"]).await[0]);
    let bo = org.member("bo@acme.example", "member").await;
    let alert = client.post(&path, json!({ "user_id": bo })).await.expect(200);
    assert_eq!(alert["assigned_to"], json!({ "id": bo, "name": "bo" }));
    assert_eq!(client.post(&path, json!({ "user_id": other.admin })).await.problem(422), "not_a_member");
    let mut tx = org.tx().await;
    let leave = "update memberships set status = 'inactive' where org_id = $1 and user_id = $2";
    sqlx::query(leave).bind(org.id).bind(bo).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(client.post(&path, json!({ "user_id": bo })).await.problem(422), "not_a_member");
    assert_eq!(client.post(&path, json!({ "user_id": null })).await.expect(200)["assigned_to"], Value::Null);
}

#[tokio::test]
async fn a_bulk_change_answers_for_each_alert() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let ids = fire(&client, &["a", "b", "c"]).await;
    client.post(&format!("/api/v1/alerts/{}/ignore", ids[1]), json!({})).await.expect(200);
    let stranger = Uuid::nil().to_string();
    let all = json!([ids[0], stranger, ids[1], ids[2], ids[0]]);
    let answer =
        client.post("/api/v1/alerts/bulk", json!({ "ids": all, "action": "resolve" })).await.expect(200);
    let results: Vec<(&str, bool, Option<&str>)> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            (result["id"].as_str().unwrap(), result["ok"].as_bool().unwrap(), result["code"].as_str())
        })
        .collect();
    let expected = [
        (ids[0].as_str(), true, None),
        (stranger.as_str(), false, Some("not_found")),
        (ids[1].as_str(), false, Some("invalid_transition")),
        (ids[2].as_str(), true, None),
    ];
    assert_eq!(results, expected);
}

#[tokio::test]
async fn of_two_alerts_of_one_fingerprint_a_bulk_reopens_one() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = fire(&client, &["disk"]).await.remove(0);
        client.post(&format!("/api/v1/alerts/{id}/resolve"), json!({})).await.expect(200);
        ids.push(id);
    }
    let answer =
        client.post("/api/v1/alerts/bulk", json!({ "ids": ids, "action": "reopen" })).await.expect(200);
    assert_eq!(
        (&answer["results"][0]["ok"], &answer["results"][1]["code"]),
        (&json!(true), &json!("newer_alert_open"))
    );
}

#[tokio::test]
async fn a_bulk_of_more_than_five_hundred_is_refused() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let body = json!({ "ids": vec![Uuid::nil(); 501], "action": "ignore" });
    assert_eq!(client(&db, &org).post("/api/v1/alerts/bulk", body).await.problem(422), "invalid_body");
}

#[tokio::test]
async fn an_alert_without_an_open_issue_can_be_investigated() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let id = &fire(&client, &["disk"]).await[0];
    let path = format!("/api/v1/alerts/{id}/investigate");
    assert_eq!(client.post(&path, json!({})).await.problem(409), "alert_in_another_issue");
    let first = client.get(&format!("/api/v1/alerts/{id}")).await.expect(200)["issue_id"].clone();
    client.post(&format!("/api/v1/issues/{}/resolve", first.as_str().unwrap()), json!({})).await.expect(200);
    let issue = client.post(&path, json!({})).await.expect(201);
    assert_ne!(issue["id"], first);
    assert_eq!((&issue["status"], &issue["alerts"][0]["id"]), (&json!("analyzing"), &json!(id)));
    assert_eq!(issue["created_by"]["id"], json!(org.admin));
}

#[tokio::test]
async fn a_bulk_investigation_opens_one_issue_for_each_group() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let alerts = json!([
        { "title": "a", "group_key": "db" }, { "title": "b", "group_key": "db" }, { "title": "c", "group_key": "web" },
    ]);
    let receipt = client.post("/hooks/generic", alerts).await.expect(202);
    let ids: Vec<&Value> = receipt["alerts"].as_array().unwrap().iter().map(|entry| &entry["id"]).collect();
    let issues = client.get("/api/v1/issues").await.expect(200);
    for issue in issues["items"].as_array().unwrap() {
        client
            .post(&format!("/api/v1/issues/{}/resolve", issue["id"].as_str().unwrap()), json!({}))
            .await
            .expect(200);
    }
    let body = json!({ "ids": ids, "action": "investigate" });
    let answer = client.post("/api/v1/alerts/bulk", body).await.expect(200);
    assert!(answer["results"].as_array().unwrap().iter().all(|result| result["ok"] == true), "{answer}");
    assert_eq!(
        client.get("/api/v1/issues?status=analyzing").await.expect(200)["items"].as_array().unwrap().len(),
        2
    );
}

/// The titles that a list shows.
async fn titles(client: &TestClient, query: &str) -> Vec<String> {
    let page = client.get(&format!("/api/v1/alerts{query}")).await.expect(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| alert["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_list_shows_what_its_filters_say_newest_first() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let alert = |title: &str, severity: &str, source: &str| {
        let labels = json!({ "host": format!("{title}.example") });
        json!({ "title": title, "severity": severity, "source": source, "labels": labels })
    };
    client
        .post("/hooks/generic", json!([alert("one", "low", "cron"), alert("two", "high", "zabbix")]))
        .await
        .expect(202);
    db.clock.advance(chrono::TimeDelta::hours(1));
    let receipt = client.post("/hooks/generic", json!([alert("Three", "high", "cron")])).await.expect(202);
    let three = receipt["alerts"][0]["id"].as_str().unwrap();
    client.post(&format!("/api/v1/alerts/{three}/assign"), json!({ "user_id": org.admin })).await.expect(200);
    client.post(&format!("/api/v1/alerts/{three}/ignore"), json!({})).await.expect(200);
    let issue = client.get(&format!("/api/v1/alerts/{three}")).await.expect(200)["issue_id"].clone();
    let check =
        async |query: &str, expected: &[&str]| assert_eq!(titles(&client, query).await, expected, "{query}");
    check("", &["Three", "two", "one"]).await;
    check("?status=ignored", &["Three"]).await;
    check("?status=investigating,ignored&severity=high", &["Three", "two"]).await;
    check("?source=cron,nagios", &["Three", "one"]).await;
    check("?q=THREE", &["Three"]).await;
    check("?q=two.example", &["two"]).await;
    check("?q=100%25", &[]).await;
    check("?q=example+tw", &["two"]).await;
    check("?q=wo", &[]).await;
    check("?q=t&severity=high&status=investigating", &["two"]).await;
    check("?labels=%7B%22host%22:%22two.example%22%7D", &["two"]).await;
    check("?labels=%7B%22host%22:%22two%22%7D", &[]).await;
    check("?labels=%7B%7D&q=three", &["Three"]).await;
    check("?assigned_to=me", &["Three"]).await;
    check("?assigned_to=none", &["two", "one"]).await;
    check(&format!("?assigned_to={}", org.admin), &["Three"]).await;
    check(&format!("?issue_id={}", issue.as_str().unwrap()), &["Three"]).await;
    check("?since=2026-11-21T13:00:00Z", &["Three"]).await;
    check("?until=2026-11-21T13:00:00Z", &["two", "one"]).await;
    check("?since=0001-01-01T00:00:00Z&until=9999-12-31T00:00:00Z", &["Three", "two", "one"]).await;
    check("?until=1960-01-01T00:00:00Z", &[]).await;
    let page = client.get("/api/v1/alerts?limit=2").await.expect(200);
    check(&format!("?limit=2&cursor={}", page["next_cursor"].as_str().unwrap()), &["one"]).await;
    for wrong in [
        "?status=closed",
        "?severity=loud",
        "?assigned_to=bo",
        "?since=noon",
        "?labels=host",
        "?labels=%7B%22a%22:1%7D",
        "?labels=%7B%22a%22:%22%5Cu0000%22%7D",
    ] {
        assert_eq!(
            client.get(&format!("/api/v1/alerts{wrong}")).await.problem(400),
            "invalid_query",
            "{wrong}"
        );
    }
    let facets = client.get("/api/v1/alerts/facets").await.expect(200);
    assert_eq!(facets["status"], json!({ "ignored": 1, "investigating": 2 }));
    assert_eq!(facets["severity"], json!({ "high": 2, "low": 1 }));
    assert_eq!(facets["source"], json!([{ "value": "cron", "count": 2 }, { "value": "zabbix", "count": 1 }]));
    let facets = client.get("/api/v1/alerts/facets?severity=low").await.expect(200);
    assert_eq!(facets["source"], json!([{ "value": "cron", "count": 1 }]));
}

#[tokio::test]
async fn another_organizations_alert_is_not_found_by_any_action() {
    let db = TestDb::new().await;
    let (ours, theirs) = (db.org("acme").await, db.org("umbrella").await);
    let id = &fire(&client(&db, &theirs), &["disk"]).await[0];
    let us = client(&db, &ours);
    assert_eq!(us.get(&format!("/api/v1/alerts/{id}")).await.problem(404), "not_found");
    for (action, body) in [
        ("assign", json!({ "user_id": ours.admin })),
        ("resolve", json!({})),
        ("false-positive", json!({})),
        ("ignore", json!({})),
        ("reopen", json!({})),
        ("investigate", json!({})),
    ] {
        let answer = us.post(&format!("/api/v1/alerts/{id}/{action}"), body).await;
        assert_eq!(answer.problem(404), "not_found", "{action}");
    }
    let bulk = us.post("/api/v1/alerts/bulk", json!({ "ids": [id], "action": "ignore" })).await.expect(200);
    assert_eq!(bulk["results"][0]["code"], "not_found");
    assert_eq!(titles(&us, "").await, Vec::<String>::new());
}

#[tokio::test]
async fn looking_is_one_permission_and_deciding_another() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let id = &fire(&client(&db, &org), &["disk"]).await[0];
    let reader = TestClient::new(router(&db), Some(org.caller_with(&["alerts:read"])));
    reader.get(&format!("/api/v1/alerts/{id}")).await.expect(200);
    assert_eq!(
        reader.post(&format!("/api/v1/alerts/{id}/ignore"), json!({})).await.problem(403),
        "forbidden"
    );
    let writer = TestClient::new(router(&db), Some(org.caller_with(&["alerts:write"])));
    let body = json!({ "ids": [id], "action": "investigate" });
    assert_eq!(writer.post("/api/v1/alerts/bulk", body).await.problem(403), "forbidden");
}
