use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};
use uuid::Uuid;

use super::{
    IssueConclusion, IssueVerdict, Status, actions,
    model::{Closing, Current, Over},
    views,
};
use crate::{
    AlertId, IssueId,
    ingest::tests::{client, fire},
};

const RUN: Uuid = Uuid::from_u128(7);

fn conclusion(verdict: IssueVerdict, cause: Option<&str>) -> IssueConclusion {
    IssueConclusion {
        verdict,
        summary: "what was found".into(),
        cause: cause.map(str::to_owned),
        skill_id: None,
    }
}

#[test]
fn a_verdict_leads_to_a_state() {
    let check = |verdict, cause, over, expected| {
        assert_eq!(conclusion(verdict, cause).leads_to(over), expected, "{verdict} {cause:?} {over:?}");
    };
    check(IssueVerdict::Real, Some("cause"), Over::No, Status::InProgress);
    check(IssueVerdict::Real, Some("cause"), Over::Yes, Status::Resolved);
    check(IssueVerdict::Real, None, Over::No, Status::UnableToResolve);
    check(IssueVerdict::Real, None, Over::Yes, Status::Resolved);
    check(IssueVerdict::FalsePositive, None, Over::No, Status::FalsePositive);
    check(IssueVerdict::FalsePositive, Some("cause"), Over::Yes, Status::FalsePositive);
    check(IssueVerdict::Undetermined, None, Over::No, Status::UnableToResolve);
    check(IssueVerdict::Undetermined, Some("cause"), Over::Yes, Status::UnableToResolve);
}

#[test]
fn a_person_may_close_an_issue_once_and_correct_it() {
    let check = |from: Status, closing: Closing, expected: Result<Option<bool>, &str>| {
        let issue = Current {
            group_key: "g".into(),
            status: from,
            assigned_to: None,
            is_real_issue: None,
            run_id: None,
            node_id: None,
            erased: false,
        };
        let closed = issue.check_close(closing).map(|()| issue.is_real_after(closing));
        assert_eq!(
            closed.map_err(|error| error.to_string()),
            expected.map_err(str::to_owned),
            "{from} {closing:?}"
        );
    };
    for from in [Status::Analyzing, Status::InProgress, Status::UnableToResolve] {
        check(from, Closing::Resolved, Ok(None));
        check(from, Closing::FalsePositive, Ok(Some(false)));
    }
    check(Status::Resolved, Closing::FalsePositive, Ok(Some(false)));
    check(Status::FalsePositive, Closing::Resolved, Ok(Some(true)));
    check(Status::Resolved, Closing::Resolved, Err("the issue is resolved already"));
    check(Status::FalsePositive, Closing::FalsePositive, Err("the issue is false_positive already"));
}

/// An issue of one alert, which a run looks into.
struct Case {
    db: TestDb,
    org: TestOrg,
    client: TestClient,
    alert: AlertId,
    issue: IssueId,
}

impl Case {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let org = db.org("acme").await;
        let client = client(&db, &org);
        let alert: AlertId = fire(&client, &["disk"]).await[0].parse().unwrap();
        let issue = client.get(&format!("/api/v1/alerts/{alert}")).await.expect(200)["issue_id"].clone();
        let issue: IssueId = issue.as_str().unwrap().parse().unwrap();
        let mut tx = org.tx().await;
        assert!(actions::attach_run(&mut tx, issue, RUN, None).await.unwrap());
        tx.commit().await.unwrap();
        Self { db, org, client, alert, issue }
    }

    async fn conclude(&self, verdict: IssueVerdict, cause: Option<&str>) -> bool {
        let mut tx = self.org.tx().await;
        let applied = actions::conclude(&mut tx, self.issue, RUN, &conclusion(verdict, cause)).await.unwrap();
        tx.commit().await.unwrap();
        applied
    }

    /// What the source says of the alert.
    async fn source(&self, status: &str) {
        let body = json!({ "title": "disk", "fingerprint": "disk", "status": status });
        self.client.post("/hooks/generic", body).await.expect(202);
    }

    async fn act(&self, action: &str) -> testkit::Response {
        self.client.post(&format!("/api/v1/issues/{}/{action}", self.issue), json!({})).await
    }

    async fn issue(&self) -> Value {
        self.client.get(&format!("/api/v1/issues/{}", self.issue)).await.expect(200)
    }

    /// The states of the issue and of its alert.
    async fn states(&self) -> (String, String) {
        let alert = self.client.get(&format!("/api/v1/alerts/{}", self.alert)).await.expect(200);
        let text = |value: &Value| value["status"].as_str().unwrap().to_owned();
        (text(&self.issue().await), text(&alert))
    }

    async fn somebody_waits_for_a_lock(&self) -> bool {
        let mut tx = self.db.db.system("a test looks who waits").await.unwrap();
        let query = "select exists (select from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock')";
        sqlx::query_scalar(query).fetch_one(tx.conn()).await.unwrap()
    }

    async fn kinds(&self) -> Vec<String> {
        let mut tx = self.org.tx().await;
        let query = "select kind from event_log where org_id = $1 order by id";
        sqlx::query_scalar(query).bind(self.org.id).fetch_all(tx.conn()).await.unwrap()
    }

    #[track_caller]
    fn check(states: (String, String), issue: &str, alert: &str) {
        assert_eq!((states.0.as_str(), states.1.as_str()), (issue, alert));
    }
}

#[tokio::test]
async fn a_real_issue_with_a_cause_is_in_progress_until_its_alert_ends() {
    let case = Case::new().await;
    assert!(case.conclude(IssueVerdict::Real, Some("a full disk")).await);
    Case::check(case.states().await, "in_progress", "investigating");
    let issue = case.issue().await;
    assert_eq!((&issue["is_real_issue"], &issue["cause"]), (&json!(true), &json!("a full disk")));
    assert_eq!((&issue["ai_conclusion"], &issue["run_id"]), (&json!("what was found"), &json!(RUN)));
    case.source("resolved").await;
    Case::check(case.states().await, "resolved", "resolved");
    assert_eq!(case.issue().await["resolved_at"], "2026-11-21T12:00:00Z");
    let kinds = case.kinds().await;
    assert_eq!(kinds[2..], ["issue.concluded.v1", "alert.resolved.v1", "issue.changed.v1"]);
}

#[tokio::test]
async fn an_issue_whose_alert_ends_while_a_run_is_at_work_waits_for_the_run() {
    let case = Case::new().await;
    case.source("resolved").await;
    Case::check(case.states().await, "analyzing", "resolved");
    assert!(case.conclude(IssueVerdict::Real, Some("a full disk")).await);
    Case::check(case.states().await, "resolved", "resolved");
}

#[tokio::test]
async fn a_false_positive_mutes_its_alert() {
    let case = Case::new().await;
    assert!(case.conclude(IssueVerdict::FalsePositive, None).await);
    Case::check(case.states().await, "false_positive", "false_positive");
    case.source("firing").await;
    assert_eq!((case.org.count("alerts").await, case.org.count("issues").await), (1, 1));
    case.source("resolved").await;
    case.source("firing").await;
    assert_eq!((case.org.count("alerts").await, case.org.count("issues").await), (2, 2));
}

#[tokio::test]
async fn an_issue_without_a_cause_is_handed_to_people_who_can_resolve_it() {
    for (verdict, cause) in [(IssueVerdict::Real, None), (IssueVerdict::Undetermined, Some("perhaps"))] {
        let case = Case::new().await;
        assert!(case.conclude(verdict, cause).await);
        Case::check(case.states().await, "unable_to_resolve", "open");
        case.act("resolve").await.expect(200);
        Case::check(case.states().await, "resolved", "resolved");
        assert_eq!(case.org.count("open_alerts").await, 0);
    }
}

#[tokio::test]
async fn a_conclusion_counts_once_and_only_for_the_current_run() {
    let case = Case::new().await;
    let mut tx = case.org.tx().await;
    let other = Uuid::from_u128(8);
    let said = conclusion(IssueVerdict::FalsePositive, None);
    assert!(!actions::conclude(&mut tx, case.issue, other, &said).await.unwrap());
    drop(tx);
    assert!(case.conclude(IssueVerdict::Real, Some("cause")).await);
    assert!(!case.conclude(IssueVerdict::FalsePositive, None).await);
    Case::check(case.states().await, "in_progress", "investigating");
    let concluded = case.kinds().await.iter().filter(|kind| *kind == "issue.concluded.v1").count();
    assert_eq!(concluded, 1);
}

#[tokio::test]
async fn a_conclusion_waits_neither_for_intake_nor_for_other_issues() {
    let case = Case::new().await;
    let mut intake = case.org.tx().await;
    crate::store::lock_intake(&mut intake).await.unwrap();
    assert!(case.conclude(IssueVerdict::Real, Some("cause")).await, "although intake is at work");
    drop(intake);

    let mut holder = case.org.tx().await;
    super::store::lock(&mut holder, case.issue).await.unwrap();
    fire(&case.client, &["another"]).await;
    let mut own = Box::pin(case.source("resolved"));
    while !case.somebody_waits_for_a_lock().await {
        assert!(futures::poll!(&mut own).is_pending(), "what concerns the issue waits for whoever holds it");
    }
    drop(holder);
    own.await;
    Case::check(case.states().await, "resolved", "resolved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conclusion_and_the_end_of_the_alert_at_the_same_time_resolve_the_issue() {
    let case = Case::new().await;
    for _ in 0..30 {
        let (concluded, ()) =
            tokio::join!(case.conclude(IssueVerdict::Real, Some("cause")), case.source("resolved"));
        assert!(concluded);
        Case::check(case.states().await, "resolved", "resolved");
        case.act("reprocess").await.expect(200);
        let mut tx = case.org.tx().await;
        assert!(actions::attach_run(&mut tx, case.issue, RUN, None).await.unwrap());
        // The alert as it was: firing, with its fingerprint.
        let again = "update alerts set status = 'investigating', resolved_at = null, ends_at = null where org_id = $1";
        sqlx::query(again).bind(case.org.id).execute(tx.conn()).await.unwrap();
        let claim = "insert into open_alerts (org_id, fingerprint, alert_id)
            select org_id, fingerprint, id from alerts where org_id = $1";
        sqlx::query(claim).bind(case.org.id).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_persons_word_comes_before_a_runs() {
    let case = Case::new().await;
    case.act("false-positive").await.expect(200);
    assert!(!case.conclude(IssueVerdict::Real, Some("cause")).await);
    Case::check(case.states().await, "false_positive", "false_positive");
    let mut tx = case.org.tx().await;
    assert!(!actions::attach_run(&mut tx, case.issue, RUN, None).await.unwrap());
}

#[tokio::test]
async fn a_person_who_closes_an_issue_closes_its_alerts() {
    let case = Case::new().await;
    let issue = case.act("resolve").await.expect(200);
    assert_eq!((&issue["status"], &issue["resolved_by"]["name"]), (&json!("resolved"), &json!("admin")));
    assert_eq!(issue["alerts"][0]["status"], "resolved");
    assert_eq!(case.act("resolve").await.problem(409), "invalid_transition");
    // A correction: it was nothing. What ended stays ended.
    case.act("false-positive").await.expect(200);
    Case::check(case.states().await, "false_positive", "resolved");
    case.source("firing").await;
    assert_eq!(case.org.count("issues").await, 2, "a resolved alert that comes again is new");
}

#[tokio::test]
async fn an_issue_is_reprocessed_without_the_earlier_runs_word() {
    let case = Case::new().await;
    case.conclude(IssueVerdict::FalsePositive, None).await;
    let issue = case.act("reprocess").await.expect(200);
    assert_eq!((&issue["status"], &issue["run_id"]), (&json!("analyzing"), &Value::Null));
    assert_eq!((&issue["ai_conclusion"], &issue["is_real_issue"]), (&Value::Null, &Value::Null));
    Case::check(case.states().await, "analyzing", "investigating");
    assert!(!case.conclude(IssueVerdict::Real, Some("late")).await, "the first run was overtaken");
    let mut tx = case.org.tx().await;
    let second = Uuid::from_u128(8);
    assert!(actions::attach_run(&mut tx, case.issue, second, None).await.unwrap());
    assert!(
        actions::conclude(&mut tx, case.issue, second, &conclusion(IssueVerdict::Real, Some("it")))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    Case::check(case.states().await, "in_progress", "investigating");
    assert!(case.kinds().await.contains(&"issue.reprocess_requested.v1".into()));
}

#[tokio::test]
async fn an_issue_whose_alert_has_another_open_issue_cannot_be_reprocessed() {
    let case = Case::new().await;
    case.conclude(IssueVerdict::Undetermined, None).await;
    case.client.post(&format!("/api/v1/alerts/{}/investigate", case.alert), json!({})).await.expect(201);
    assert_eq!(case.act("reprocess").await.problem(409), "alert_in_another_issue");
    Case::check(case.states().await, "unable_to_resolve", "investigating");
    case.act("resolve").await.expect(200);
    Case::check(case.states().await, "resolved", "investigating");
}

#[tokio::test]
async fn an_issue_reprocessed_beside_its_groups_newer_one_leaves_the_group_to_that() {
    let case = Case::new().await;
    case.act("resolve").await.expect(200);
    case.source("firing").await;
    case.act("reprocess").await.expect(200);
    assert_ne!(case.issue().await["group_key"], "disk");
    assert_eq!(
        case.client.get("/api/v1/issues?status=analyzing").await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn an_issue_is_opened_from_alerts_of_several_groups() {
    let case = Case::new().await;
    let more = fire(&case.client, &["cpu", "net"]).await;
    let body = json!({ "alert_ids": [case.alert, more[0]], "title": "Node down" });
    assert_eq!(case.client.post("/api/v1/issues", body.clone()).await.problem(409), "alert_in_another_issue");
    for id in [&case.alert.to_string(), &more[0]] {
        let alert = case.client.get(&format!("/api/v1/alerts/{id}")).await.expect(200);
        let path = format!("/api/v1/issues/{}/resolve", alert["issue_id"].as_str().unwrap());
        case.client.post(&path, json!({})).await.expect(200);
    }
    let issue = case.client.post("/api/v1/issues", body).await.expect(201);
    assert_eq!((&issue["title"], &issue["alert_count"]), (&json!("Node down"), &json!(2)));
    let check = async |body: Value, status: u16, code: &str| {
        assert_eq!(case.client.post("/api/v1/issues", body.clone()).await.problem(status), code, "{body}");
    };
    check(json!({ "alert_ids": [] }), 422, "invalid_body").await;
    check(json!({ "alert_ids": [Uuid::nil()] }), 422, "unknown_alert").await;
    check(json!({ "alert_ids": [more[1]], "title": "x".repeat(501) }), 422, "invalid_body").await;
}

#[tokio::test]
async fn an_issue_in_progress_is_resolved_with_its_last_active_alert() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let alert = |title: &str| json!({ "title": title, "group_key": "db" });
    let receipt = client.post("/hooks/generic", json!([alert("a"), alert("b")])).await.expect(202);
    let id = |n: usize| receipt["alerts"][n]["id"].as_str().unwrap().to_owned();
    let issue = client.get(&format!("/api/v1/alerts/{}", id(0))).await.expect(200)["issue_id"].clone();
    let issue: IssueId = issue.as_str().unwrap().parse().unwrap();
    let mut tx = org.tx().await;
    actions::attach_run(&mut tx, issue, RUN, None).await.unwrap();
    actions::conclude(&mut tx, issue, RUN, &conclusion(IssueVerdict::Real, Some("cause"))).await.unwrap();
    tx.commit().await.unwrap();
    let status = async || client.get(&format!("/api/v1/issues/{issue}")).await.expect(200)["status"].clone();
    client.post(&format!("/api/v1/alerts/{}/ignore", id(0)), json!({})).await.expect(200);
    assert_eq!(status().await, "in_progress");
    client.post(&format!("/api/v1/alerts/{}/resolve", id(1)), json!({})).await.expect(200);
    assert_eq!(status().await, "resolved");
}

#[tokio::test]
async fn a_brief_has_the_worst_alerts_first() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let client = client(&db, &org);
    let alert = |title: &str, severity: &str| {
        json!({ "title": title, "severity": severity, "group_key": "db", "type": "Slow", "labels": { "host": title },
            "description": "slow", "starts_at": "2026-11-21T11:00:00Z" })
    };
    let alerts = json!([alert("a", "low"), alert("b", "critical"), alert("c", "low")]);
    let receipt = client.post("/hooks/generic?receiver_im=dba", alerts).await.expect(202);
    let found = client
        .get(&format!("/api/v1/alerts/{}", receipt["alerts"][0]["id"].as_str().unwrap()))
        .await
        .expect(200);
    let issue: IssueId = found["issue_id"].as_str().unwrap().parse().unwrap();
    let mut tx = org.tx().await;
    let brief = views::brief(&mut tx, issue).await.unwrap();
    let titles: Vec<&str> = brief.alerts.iter().map(|alert| alert.title.as_str()).collect();
    assert_eq!((titles, brief.alert_count), (vec!["b", "c", "a"], 3));
    assert_eq!((brief.title.as_str(), brief.severity), ("b", crate::Severity::Critical));
    let worst = &brief.alerts[0];
    assert_eq!(
        (worst.alert_type.as_str(), worst.labels["host"].as_str(), worst.occurrences),
        ("Slow", "b", 1)
    );
    assert_eq!(serde_json::from_value::<views::Brief>(serde_json::to_value(&brief).unwrap()).unwrap(), brief);

    let card = views::card(&mut tx, issue).await.unwrap();
    assert_eq!((card.alert_count, card.receivers, card.assigned_to), (3, vec!["dba".to_owned()], None));
    assert_eq!(card.first_seen.to_rfc3339(), "2026-11-21T11:00:00+00:00");
}

#[tokio::test]
async fn an_issue_is_assigned_to_a_member_and_found_by_its_filters() {
    let case = Case::new().await;
    let path = format!("/api/v1/issues/{}/assign", case.issue);
    let issue = case.client.post(&path, json!({ "user_id": case.org.admin })).await.expect(200);
    assert_eq!(issue["assigned_to"]["name"], "admin");
    assert_eq!(case.client.post(&path, json!({ "user_id": Uuid::nil() })).await.problem(422), "not_a_member");
    case.conclude(IssueVerdict::Real, Some("A full disk")).await;
    case.db.clock.advance(chrono::TimeDelta::minutes(1));
    fire(&case.client, &["cpu"]).await;
    let check = async |query: &str, expected: &[&str]| {
        let page = case.client.get(&format!("/api/v1/issues{query}")).await.expect(200);
        let titles: Vec<_> =
            page["items"].as_array().unwrap().iter().map(|issue| issue["title"].clone()).collect();
        assert_eq!(titles, expected, "{query}");
    };
    check("", &["cpu", "disk"]).await;
    check("?assigned_to=me", &["disk"]).await;
    check("?assigned_to=none", &["cpu"]).await;
    check("?status=in_progress,resolved", &["disk"]).await;
    check("?is_real_issue=true", &["disk"]).await;
    check("?severity=medium&q=full", &["disk"]).await;
    check("?q=nothing", &[]).await;
    let page = case.client.get("/api/v1/issues?limit=1").await.expect(200);
    check(&format!("?limit=1&cursor={}", page["next_cursor"].as_str().unwrap()), &["disk"]).await;
}

#[tokio::test]
async fn another_organizations_issue_is_not_found_by_any_action() {
    let case = Case::new().await;
    let umbrella = case.db.org("umbrella").await;
    let them = client(&case.db, &umbrella);
    let path = format!("/api/v1/issues/{}", case.issue);
    assert_eq!(them.get(&path).await.problem(404), "not_found");
    for action in ["resolve", "false-positive", "reprocess"] {
        assert_eq!(
            them.post(&format!("{path}/{action}"), json!({})).await.problem(404),
            "not_found",
            "{action}"
        );
    }
    let body = json!({ "user_id": umbrella.admin });
    assert_eq!(them.post(&format!("{path}/assign"), body).await.problem(404), "not_found");
    let body = json!({ "alert_ids": [case.alert] });
    assert_eq!(them.post("/api/v1/issues", body).await.problem(422), "unknown_alert");
    let mut tx = umbrella.tx().await;
    let said = conclusion(IssueVerdict::Real, None);
    assert!(actions::conclude(&mut tx, case.issue, RUN, &said).await.is_err());
    assert!(!actions::attach_run(&mut tx, case.issue, RUN, None).await.unwrap());
    assert!(
        views::brief(&mut tx, case.issue).await.is_err() && views::card(&mut tx, case.issue).await.is_err()
    );
}
