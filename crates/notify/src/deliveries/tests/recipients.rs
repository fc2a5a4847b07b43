//! Who is told.

use kernel::EventId;
use serde_json::json;
use uuid::Uuid;

use crate::{card::State, tests::World};

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
