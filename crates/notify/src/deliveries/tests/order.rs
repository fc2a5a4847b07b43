//! Whose turn it is at a receiver.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;
use wiremock::{Mock, ResponseTemplate, matchers::body_string_contains};

use super::POST;
use crate::{
    card::{Card, State, Urgency},
    deliveries::deliver::MAX_ATTEMPTS,
    tests::{World, card, lines},
};

const HOOK: &str = "POST /services/T0/B0/team-canary";

fn titled(title: &str, severity: Urgency) -> Card {
    Card { title: title.into(), severity, ..card(State::Opened) }
}

#[tokio::test]
async fn of_the_states_that_wait_the_newest_is_told_and_the_log_shows_the_others() {
    let world = World::new().await;
    world.slack_works().await;
    let id = world.slack_bot("team").await;
    let issue = Uuid::new_v4();
    for state in [State::Opened, State::Analyzing, State::Concluded] {
        world.announce(issue, &["team"], state).await;
    }
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), [POST]);
    assert_eq!(super::states(&got[0].body), "Opened > Analyzing > Concluded");
    let log = world.log(id).await;
    let shown: Vec<_> = log.iter().map(|delivery| (&delivery["state"], &delivery["status"])).collect();
    assert_eq!(
        json!(shown),
        json!([["concluded", "delivered"], ["analyzing", "superseded"], ["opened", "superseded"]])
    );
    assert_eq!((world.org.count("jobs").await, world.org.count("dead_letters").await), (0, 0));
}

#[tokio::test]
async fn what_is_critical_is_told_before_what_waited_longer() {
    let world = World::new().await;
    world.answers(HOOK, 200, json!("ok")).await;
    world.slack_webhook("team").await;
    let order = [
        ("a", Urgency::Low),
        ("b", Urgency::Low),
        ("c", Urgency::High),
        ("d", Urgency::Critical),
        ("e", Urgency::High),
    ];
    for (title, severity) in order {
        world.announce_card(Uuid::new_v4(), &["team"], titled(title, severity)).await;
    }
    world.deliver().await;
    let got = world.got().await;
    let told: String =
        got.iter().map(|got| got.body["text"].as_str().unwrap().chars().last().unwrap()).collect();
    assert_eq!(told, "dceab");
    assert_eq!(world.org.count("jobs").await, 0);
}

#[tokio::test]
async fn one_that_grows_worse_takes_its_newest_state_along() {
    let world = World::new().await;
    world.answers(HOOK, 200, json!("ok")).await;
    world.slack_webhook("team").await;
    let (first, issue) = (Uuid::new_v4(), Uuid::new_v4());
    world.announce_card(first, &["team"], titled("a", Urgency::High)).await;
    world.announce_card(issue, &["team"], titled("b", Urgency::Low)).await;
    world.announce_card(issue, &["team"], titled("c", Urgency::Critical)).await;
    world.announce_card(issue, &["team"], titled("d", Urgency::Low)).await;
    world.deliver().await;
    let got = world.got().await;
    let told: String =
        got.iter().map(|got| got.body["text"].as_str().unwrap().chars().last().unwrap()).collect();
    assert_eq!(told, "da");
}

#[tokio::test]
async fn a_message_that_a_platform_never_takes_holds_nobody_up_and_becomes_a_dead_letter() {
    let world = World::new().await;
    let id = world.slack_webhook("team").await;
    let poison = Mock::given(body_string_contains("poison")).respond_with(ResponseTemplate::new(503));
    poison.with_priority(1).mount(&world.server).await;
    world.answers(HOOK, 200, json!("ok")).await;
    world.announce_card(Uuid::new_v4(), &["team"], titled("poison", Urgency::Critical)).await;
    world.announce_card(Uuid::new_v4(), &["team"], titled("first", Urgency::Low)).await;
    let status = async |position: usize| world.log(id).await[position]["status"].clone();
    for _ in 0..3 {
        assert_eq!(status(0).await, "pending");
        world.deliver().await;
        world.db.clock.advance(TimeDelta::seconds(8));
    }
    world.deliver().await;
    assert_eq!((status(0).await, status(1).await), (json!("delivered"), json!("pending")));
    // Nor is one that comes meanwhile.
    world.announce_card(Uuid::new_v4(), &["team"], titled("second", Urgency::Low)).await;
    world.deliver().await;
    assert_eq!(status(0).await, "delivered");
    for _ in 0..MAX_ATTEMPTS {
        world.db.clock.advance(TimeDelta::minutes(5));
        world.deliver().await;
    }
    let log = world.log(id).await;
    assert_eq!((&log[2]["status"], &log[2]["attempts"]), (&json!("failed"), &json!(MAX_ATTEMPTS)));
    assert_eq!(world.org.count("dead_letters").await, 1);
    assert_eq!(world.org.count("jobs").await, 0);
}

#[tokio::test]
async fn a_receiver_that_is_away_for_hours_loses_no_more_than_what_it_waited_for_longest() {
    let world = World::new().await;
    let id = world.slack_webhook("team").await;
    world.answers(HOOK, 503, json!("maintenance")).await;
    for title in ["a", "b", "c", "d"] {
        world.announce_card(Uuid::new_v4(), &["team"], titled(title, Urgency::High)).await;
    }
    // An hour and a half.
    for _ in 0..90 {
        world.deliver().await;
        world.db.clock.advance(TimeDelta::minutes(1));
    }
    let log = world.log(id).await;
    let failed = log.iter().filter(|delivery| delivery["status"] == "failed").count();
    assert!(failed <= 1, "{failed}");
}
