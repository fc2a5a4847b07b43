//! Starting, showing, replacing and giving up runs.

use kernel::{EventId, PageQuery};
use platform::db::Scope;
use serde_json::{Value, json};

use super::{
    super::{NewRun, Status, start, sweep_runs},
    fixture::{CRASH_LOOP, Fixture, client_of, new_run},
};

#[tokio::test]
async fn a_cause_starts_one_run_however_often_it_is_handled() {
    let fixture = Fixture::new().await;
    let cause = EventId::new(testkit::start_of_time());
    let mut ids = Vec::new();
    for _ in 0..2 {
        let scope = Scope { causation: Some(cause), ..fixture.org.caller().scope() };
        let mut tx = fixture.db.db.tenant(scope).await.unwrap();
        ids.push(start(&mut tx, &fixture.deps.app.keyring, new_run()).await.unwrap());
        tx.commit().await.unwrap();
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!((fixture.org.count("runs").await, fixture.org.count("jobs").await), (1, 1));
    assert_eq!(fixture.events("run.started.v1").await.len(), 1);
}

#[tokio::test]
async fn a_new_run_cancels_the_one_before_and_leaves_ended_ones_alone() {
    let fixture = Fixture::new().await;
    let ended = fixture.start(new_run()).await;
    fixture.work().await;
    let waiting = fixture.start(new_run()).await;
    let latest = fixture.start(new_run()).await;
    fixture.work().await;

    let runs = fixture.runs_of(new_run().subject_id, &PageQuery::default()).await;
    let shown: Vec<_> = runs.items.iter().map(|run| (run.id, run.status)).collect();
    let expected = [(latest, Status::Succeeded), (waiting, Status::Cancelled), (ended, Status::Succeeded)];
    assert_eq!(shown, expected);
    assert_eq!(fixture.events("run.cancelled.v1").await.len(), 1);
    assert_eq!(fixture.events("run.concluded.v1").await.len(), 2);
    assert_eq!(fixture.org.count("jobs").await, 0, "the job of a cancelled run has nothing to do");
}

#[tokio::test]
async fn the_requested_skill_is_followed_whatever_would_match() {
    let fixture = Fixture::new().await;
    let skill = fixture.skill("1. Call the owner.").await;
    let mut input = new_run().input;
    input["alerts"][0]["title"] = json!("something else entirely");
    let run = fixture.run(NewRun { skill_id: Some(skill), input, ..new_run() }).await;
    assert_eq!(run["steps"][0]["metadata"]["matched"]["how"], "requested");
    assert_eq!(run["output"]["actions"], json!(["Call the owner."]));
}

#[tokio::test]
async fn a_skill_that_does_not_exist_cannot_be_requested() {
    let fixture = Fixture::new().await;
    let mut tx = fixture.org.tx().await;
    let missing = skills::SkillId::new(testkit::start_of_time());
    let error = start(&mut tx, &fixture.deps.app.keyring, NewRun { skill_id: Some(missing), ..new_run() })
        .await
        .unwrap_err();
    assert_eq!(error.code().0, "not_found");
}

#[tokio::test]
async fn a_run_that_cannot_succeed_fails_and_its_subject_is_told() {
    let fixture = Fixture::new().await;
    let skill = fixture.skill("1. Call the owner.").await;
    fixture.sql("update skills set status = 'inactive'").await;
    let id = fixture.start(NewRun { skill_id: Some(skill), ..new_run() }).await;
    fixture.work().await;

    let run = fixture.shown(id).await;
    assert_eq!(
        (&run["status"], &run["error"], &run["output"]),
        (&json!("failed"), &json!("skill not found"), &Value::Null)
    );
    let failed = fixture.events("run.failed.v1").await;
    let expected = json!({ "run_id": id, "subject_type": "issue", "subject_id": new_run().subject_id });
    assert_eq!(failed, [expected]);
    assert_eq!(fixture.org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_run_that_no_job_pursues_is_failed_and_no_other() {
    let fixture = Fixture::new().await;
    fixture.skill(CRASH_LOOP).await;
    let lost = fixture.start(new_run()).await;
    fixture.claim().await;
    fixture.sql("delete from jobs").await;
    let pursued = fixture.start(NewRun { subject_id: uuid::Uuid::from_u128(2), ..new_run() }).await;
    for _ in 0..2 {
        sweep_runs(&fixture.db.db).await.unwrap();
    }
    let run = fixture.shown(lost).await;
    assert_eq!(
        (&run["status"], &run["error"]),
        (&json!("failed"), &json!("the worker stopped without a word in every attempt"))
    );
    assert_eq!(fixture.shown(pursued).await["status"], "queued");
    assert_eq!(fixture.events("run.failed.v1").await.len(), 1);
}

#[tokio::test]
async fn runs_are_seen_by_their_own_organization_only() {
    let fixture = Fixture::new().await;
    let id = fixture.start(new_run()).await;
    let stranger = client_of(&fixture.deps, &fixture.db.org("rival").await);
    assert_eq!(stranger.get(&format!("/api/v1/runs/{id}")).await.problem(404), "not_found");
}

#[tokio::test]
async fn the_list_of_runs_goes_on_behind_its_cursor() {
    let fixture = Fixture::new().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(fixture.start(new_run()).await);
    }
    let issue = new_run().subject_id;
    let two = PageQuery { limit: Some(2), cursor: None };
    let page = fixture.runs_of(issue, &two).await;
    let rest = fixture.runs_of(issue, &PageQuery { cursor: page.next_cursor, ..two }).await;
    assert_eq!(rest.items.iter().map(|run| run.id).collect::<Vec<_>>(), [ids[0]]);
    assert_eq!(rest.next_cursor, None);
}

#[tokio::test]
async fn what_is_more_severe_is_more_urgent() {
    let fixture = Fixture::new().await;
    for (n, severity) in ["low", "critical", "medium"].into_iter().enumerate() {
        let subject_id = uuid::Uuid::from_u128(n as u128);
        fixture
            .start(NewRun { subject_id, input: json!({ "severity": severity, "alerts": [] }), ..new_run() })
            .await;
    }
    let mut tx = fixture.org.tx().await;
    let query = "select priority from jobs where org_id = $1 order by id";
    let priorities: Vec<i16> =
        sqlx::query_scalar(query).bind(fixture.org.id).fetch_all(tx.conn()).await.unwrap();
    assert_eq!(priorities, [0, 60, 10]);
}
