//! Who listens, and who is told when nobody there can be.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::POST;
use crate::{
    ReceiverId,
    card::{Card, State, Urgency},
    deliveries::Announced,
    tests::{World, card, response},
};

async fn slack(world: &World, name: &str, fields: Value) -> ReceiverId {
    let mut all =
        json!({ "im_type": "slack", "transport": "bot", "destination_id": name, "bot_token": "xoxb-1" });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    world.receiver(name, all).await
}

async fn opened(world: &World, names: &[&str], severity: Urgency) -> Announced {
    world.announce_card(Uuid::new_v4(), names, Card { severity, ..card(State::Opened) }).await
}

#[tokio::test]
async fn a_receiver_hears_of_what_is_severe_enough_and_else_the_default_does() {
    let world = World::new().await;
    let pager = slack(&world, "pager", json!({ "min_severity": "high" })).await;
    let team = slack(&world, "team", json!({ "is_default": true })).await;
    for (severity, told) in
        [(Urgency::Critical, pager), (Urgency::High, pager), (Urgency::Medium, team), (Urgency::Low, team)]
    {
        assert_eq!(opened(&world, &["pager"], severity).await.told, [told], "{severity:?}");
    }
}

#[tokio::test]
async fn whoever_shows_an_issue_hears_how_it_ends_at_any_severity_and_hour() {
    let world = World::new().await;
    let pager = slack(&world, "pager", json!({ "min_severity": "high" })).await;
    let issue = Uuid::new_v4();
    let of = |state, severity| Card { severity, ..card(state) };
    world.announce_card(issue, &["pager"], of(State::Opened, Urgency::High)).await;
    let announced = world.announce_card(issue, &["pager"], of(State::Resolved, Urgency::Low)).await;
    assert_eq!(announced.told, [pager]);
}

/// The clock of the tests begins on Saturday, 21 November 2026, at 12:00 UTC.
#[tokio::test]
async fn hours_are_of_a_time_zone_and_may_go_over_midnight() {
    let world = World::new().await;
    let hours = |zone: &str, days: &[u8], from: &str, to: &str| json!({ "time_zone": zone, "weekdays": days, "from": from, "to": to });
    let cases = [
        ("noon", hours("UTC", &[6], "12:00", "13:00"), true),
        ("morning", hours("UTC", &[6], "08:00", "12:00"), false),
        ("berlin", hours("Europe/Berlin", &[6], "13:00", "14:00"), true),
        ("berlin-noon", hours("Europe/Berlin", &[6], "12:00", "13:00"), false),
        ("weekdays", hours("UTC", &[1, 2, 3, 4, 5], "00:00", "00:00"), false),
        ("saturday", hours("UTC", &[6], "00:00", "00:00"), true),
        // Friday's night ends on Saturday, and in Tokyo it is 21:00.
        ("friday-night", hours("UTC", &[5], "22:00", "12:30"), true),
        ("saturday-night", hours("UTC", &[6], "22:00", "12:30"), false),
        ("tokyo", hours("Asia/Tokyo", &[6], "20:00", "04:00"), true),
    ];
    for (name, hours, listens) in cases {
        let id = slack(&world, name, json!({ "hours": hours })).await;
        assert_eq!(world.show(id).await["hours"], hours);
        let told = opened(&world, &[name], Urgency::Critical).await.told;
        assert_eq!(told, if listens { vec![id] } else { vec![] }, "{name}");
    }
}

#[tokio::test]
async fn hours_that_are_none_and_a_fallback_that_is_none_are_refused() {
    let world = World::new().await;
    let id = slack(&world, "team", json!({})).await;
    let globex = world.db.org("globex").await;
    let fields = json!({ "name": "t", "receiver_im": "t", "im_type": "slack", "transport": "bot", "destination_id": "C", "bot_token": "xoxb-1" });
    let theirs = world.client_of(&globex).post("/api/v1/receivers", fields.clone()).await.expect(201);
    let check = async |change: Value, pointer: &str| {
        let mut receiver = fields.clone();
        receiver.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problem = world.client().put(&format!("/api/v1/receivers/{id}"), receiver).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    };
    let hours = |zone: &str, days: &[u8], from: &str| json!({ "hours": { "time_zone": zone, "weekdays": days, "from": from, "to": "17:00" } });
    check(hours("Europe/Atlantis", &[1], "09:00"), "/hours/time_zone").await;
    check(hours("UTC", &[], "09:00"), "/hours/weekdays").await;
    check(hours("UTC", &[8], "09:00"), "/hours/weekdays").await;
    check(hours("UTC", &[1], "9 o'clock"), "/hours/from").await;
    check(json!({ "fallback_id": id }), "/fallback_id").await;
    check(json!({ "fallback_id": Uuid::new_v4() }), "/fallback_id").await;
    check(json!({ "fallback_id": theirs["id"] }), "/fallback_id").await;
}

#[tokio::test]
async fn nobody_is_told_and_that_is_said() {
    let world = World::new().await;
    let gaps = async || world.client().get("/api/v1/receivers/coverage").await.expect(200)["gaps"].clone();
    let now = testkit::start_of_time();
    assert_eq!(gaps().await.as_array().unwrap().len(), 4);
    assert_eq!(gaps().await[0], json!({ "severity": "critical", "at": now }));
    opened(&world, &[], Urgency::Critical).await;
    assert_eq!(world.events("issue.").await, ["issue.untold.v1"]);

    slack(&world, "night", json!({ "is_default": true, "min_severity": "critical" })).await;
    assert_eq!(gaps().await[0], json!({ "severity": "high", "at": now }));
    let hours =
        json!({ "time_zone": "UTC", "weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "08:00", "to": "18:00" });
    let day = slack(&world, "day", json!({ "is_default": true, "hours": hours })).await;
    let expected: Vec<_> = ["high", "medium", "low"]
        .map(|severity| json!({ "severity": severity, "at": now + TimeDelta::hours(6) }))
        .into();
    assert_eq!(gaps().await, json!(expected));
    let always = json!({ "name": "day", "receiver_im": "day", "im_type": "slack", "transport": "bot",
        "destination_id": "C", "is_default": true, "hours": null });
    world.client().put(&format!("/api/v1/receivers/{day}"), always).await.expect(200);
    assert_eq!(gaps().await, json!([]));
    opened(&world, &[], Urgency::Low).await;
    assert_eq!(world.events("issue.").await.len(), 1);
}

#[tokio::test]
async fn what_a_dead_receiver_could_not_be_told_its_fallback_is_with_why() {
    let world = World::new().await;
    world.answers("POST /services/T0/B0/second-canary", 200, json!("ok")).await;
    let second = world.slack_webhook("second").await;
    let first = slack(&world, "first", json!({ "fallback_id": second })).await;
    // Nor do two that stand in for each other go on for ever.
    let url = format!("{}/services/T0/B0/second-canary", world.server.uri());
    let back = json!({ "name": "second", "receiver_im": "second", "im_type": "slack", "transport": "webhook",
        "webhook_url": url, "fallback_id": first });
    world.client().put(&format!("/api/v1/receivers/{second}"), back).await.expect(200);
    world.answers_once(POST, response(200, json!({ "ok": false, "error": "account_inactive" }))).await;
    world.announce(Uuid::new_v4(), &["first"], State::Opened).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(got.len(), 2);
    assert!(got[1].body.to_string().contains("first could not be told of this, so it is told here."));
    let (told, failed) = (world.log(second).await, world.log(first).await);
    assert_eq!((&told[0]["status"], &told[0]["instead_of"]), (&json!("delivered"), &json!(first)));
    assert_eq!((&failed[0]["status"], &failed[0]["instead_of"]), (&json!("failed"), &Value::Null));

    world.server.reset().await;
    world.answers("POST /services/T0/B0/second-canary", 404, json!("no_service")).await;
    world.answers(POST, 200, json!({ "ok": false, "error": "account_inactive" })).await;
    world.announce(Uuid::new_v4(), &["first"], State::Opened).await;
    world.deliver().await;
    assert_eq!((world.log(first).await.len(), world.log(second).await.len()), (2, 2));
    assert_eq!(world.org.count("jobs").await, 0);
}
