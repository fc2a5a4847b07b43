//! Matching over a team's runbooks.

use kernel::SkillId;
use testkit::{TestDb, TestOrg};

use super::{
    super::{AlertText, How, Matched, Options, Query, find},
    corpus::{ALERTS, RUNBOOKS},
};
use crate::{
    skills::{self, SkillInput},
    testing::embedder,
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
    skills::create(&deps, org.caller().scope(), input).await.unwrap()
}

async fn matched(org: &TestOrg, alert_type: &str, title: &str, description: &str) -> Matched {
    let alert = AlertText {
        title: title.into(),
        alert_type: alert_type.into(),
        description: description.into(),
        labels: [("severity".to_owned(), "critical".to_owned())].into(),
    };
    let query = Query::new(&*embedder(), alert).await;
    find(&mut org.tx().await, &query, Options::default()).await.unwrap()
}

#[tokio::test]
async fn each_alert_gets_its_runbook_and_a_stranger_gets_none() {
    let db = TestDb::new().await;
    let org = with_runbooks(&db).await;
    let (mut wrong, mut lowest, mut highest) = (Vec::new(), 1.0_f64, 0.0_f64);
    for (alert_type, title, description, expected) in ALERTS {
        let found = matched(&org, alert_type, title, description).await;
        let best = &found.candidates[0];
        let name = found.matched.as_ref().map(|skill| skill.name.as_str());
        println!("{:5.3} {:?} {} <- {alert_type} | second {:5.3} | want {expected:?}", best.score, best.reason, best.name, found.candidates.get(1).map_or(0.0, |c| c.score));
        if name != expected {
            wrong.push(format!("{alert_type}: {name:?} instead of {expected:?}, {:?}", found.candidates));
        }
        match expected {
            Some(_) => lowest = lowest.min(best.score),
            None => highest = highest.max(best.score),
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), ALERTS.len());
    assert!(lowest > highest, "the worst match has {lowest}, the best stranger {highest}");
}
