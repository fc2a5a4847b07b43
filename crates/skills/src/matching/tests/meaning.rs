//! Matching over a team's runbooks.

use std::collections::BTreeMap;

use platform::http::IfMatch;
use testkit::{TestDb, TestOrg};

use super::{
    super::{AlertText, How, Matched, Options, Query, find, requested},
    corpus::{ALERTS, RUNBOOKS},
};
use crate::{
    SkillId,
    bindings::{self, NewBinding},
    skills::{self, SkillInput, Status},
    testing::{Broken, embedder},
};

async fn with_runbooks(db: &TestDb) -> TestOrg {
    let org = db.org("acme").await;
    for (name, problem) in RUNBOOKS {
        add(&org, name, problem).await;
    }
    org
}

async fn add(org: &TestOrg, name: &str, problem: &str) -> SkillId {
    let input = SkillInput::new(name, problem, "Look at it.");
    let deps = crate::testing::deps(&org.db);
    skills::create(&deps, &org.caller(), input).await.unwrap()
}

async fn matched(org: &TestOrg, alert_type: &str, title: &str, description: &str) -> Matched {
    let alert = AlertText {
        title: title.into(),
        alert_type: alert_type.into(),
        description: description.into(),
        labels: labels(alert_type),
    };
    let query = Query::new(&*embedder(), alert).await;
    find(&mut org.tx().await, &query, None, Options::default()).await.unwrap()
}

/// Labels as Prometheus' exporters set them: where, how bad, and who noticed.
fn labels(alert_type: &str) -> BTreeMap<String, String> {
    let labels = [
        ("alertname", alert_type),
        ("severity", "critical"),
        ("instance", "10.0.4.17:9100"),
        ("job", "kube-state-metrics"),
        ("namespace", "shop"),
        ("pod", "api-7d9f8b6c54-x2x9k"),
        ("container", "api"),
        ("prometheus", "monitoring/k8s"),
    ];
    labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

#[tokio::test]
async fn each_alert_gets_its_runbook_and_a_stranger_gets_none() {
    let db = TestDb::new().await;
    let org = with_runbooks(&db).await;
    let mut wrong = Vec::new();
    let (mut worst_match, mut best_stranger) = (1.0_f64, 0.0_f64);
    for (alert_type, title, description, expected) in ALERTS {
        let found = matched(&org, alert_type, title, description).await;
        let best = &found.candidates[0];
        let name = found.matched.as_ref().map(|skill| skill.name.as_str());
        if name != expected {
            wrong.push(format!("{alert_type}: {name:?} instead of {expected:?}, {:?}", found.candidates));
        }
        match expected {
            Some(_) => worst_match = worst_match.min(best.score),
            None => best_stranger = best_stranger.max(best.score),
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), ALERTS.len());
    assert!(
        worst_match > 0.35 && best_stranger < 0.25,
        "{worst_match} and {best_stranger}: say so in score.rs"
    );
}

#[tokio::test]
async fn a_binding_goes_before_meaning_and_every_candidate_is_shown() {
    let db = TestDb::new().await;
    let org = with_runbooks(&db).await;
    let special = add(&org, "Shop crash loop", "Only for the shop.").await;
    let other = add(&org, "Anything crashes", "A catch-all.").await;
    bind(&org, "/crashloop/i", special, 5).await;
    bind(&org, "crash", other, 9).await;
    bind(&org, "/Kube.*Looping/", special, 9).await;
    let found = matched(&org, "KubePodCrashLooping", "Pod is crash looping.", "").await;
    assert_eq!(
        found.matched.unwrap().skill_id,
        other,
        "of two with the same priority the older one is first"
    );
    let shown: Vec<_> =
        found.candidates.iter().take(3).map(|c| (c.name.as_str(), c.how, c.reason.as_str())).collect();
    assert_eq!(shown[0], ("Anything crashes", How::Binding, "crash matched title (priority 9)"));
    assert_eq!(shown[1], ("Shop crash loop", How::Binding, "/Kube.*Looping/ matched type (priority 9)"));
    assert_eq!((shown[2].0, shown[2].1), ("Crash-looping pod", How::Semantic));
}

#[tokio::test]
async fn an_inactive_skill_is_no_candidate() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let id = add(&org, "Watchdog", "The dead man's switch always fires.").await;
    bind(&org, "watchdog", id, 0).await;
    assert!(matched(&org, "Watchdog", "Watchdog", "").await.matched.is_some());
    let input =
        SkillInput { status: Some(Status::Inactive), ..SkillInput::new("Watchdog", "It always fires.", "") };
    skills::update(&crate::testing::deps(&org.db), &org.caller(), id, &IfMatch::ANY, input).await.unwrap();
    let found = matched(&org, "Watchdog", "Watchdog", "").await;
    assert_eq!((found.matched, found.candidates.len()), (None, 0));
    let asked = requested(&mut org.tx().await, id, None, Options::default()).await;
    assert_eq!(asked.unwrap_err().code().0, "not_found");
}

#[tokio::test]
async fn another_organization_s_skills_are_never_candidates() {
    let db = TestDb::new().await;
    with_runbooks(&db).await;
    let stranger = db.org("stranger").await;
    let found = matched(&stranger, "Watchdog", "Watchdog", "").await;
    assert_eq!((found.matched, found.candidates.len()), (None, 0));
}

#[tokio::test]
async fn without_an_embedding_words_must_do() {
    let db = TestDb::new().await;
    let org = with_runbooks(&db).await;
    let alert = AlertText {
        title: "Postgresql replication lag".into(),
        alert_type: "PostgresqlReplicationLag".into(),
        ..AlertText::default()
    };
    let query = Query::new(&Broken, alert).await;
    let found = find(&mut org.tx().await, &query, None, Options::default()).await.unwrap();
    assert_eq!(found.matched.unwrap().name, "Database replication lag");
    assert!(found.candidates[0].reason.ends_with("without an embedding"));
}

#[tokio::test]
async fn an_alert_that_says_nothing_matches_nothing() {
    let db = TestDb::new().await;
    let org = with_runbooks(&db).await;
    assert_eq!(matched(&org, "", "", "").await.matched, None);
    assert_eq!(matched(&org, "x", "' | & ! :* <-> \\ (", &"y".repeat(5_000)).await.matched, None);
}

async fn bind(org: &TestOrg, pattern: &str, skill_id: SkillId, priority: i32) {
    let new = NewBinding { alert_pattern: pattern.into(), skill_id, priority };
    bindings::create(&crate::testing::deps(&org.db), org.caller().scope(), new).await.unwrap();
}
