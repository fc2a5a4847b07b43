//! Whose mailbox it is decides whether it is written to.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::mail::MailServer;
use uuid::Uuid;

use crate::{ReceiverId, card::State, tests::World};

async fn receiver(world: &World, name: &str, address: &str) -> ReceiverId {
    let fields = json!({ "im_type": "email", "transport": "smtp", "destination_id": address });
    world.receiver(name, fields).await
}

/// The code in the `number`th mail.
async fn code(world: &World, server: &MailServer, number: usize) -> String {
    world.deliver().await;
    let mails = server.received(number).await;
    assert_eq!(mails.len(), number);
    let text = mails[number - 1].message().body_text(0).unwrap().into_owned();
    text.lines().find_map(|line| line.strip_prefix("    ")).unwrap().to_owned()
}

async fn confirm(world: &World, id: ReceiverId, code: &str) -> testkit::Response {
    world.client().post(&format!("/api/v1/receivers/{id}/confirm"), json!({ "code": code })).await
}

async fn told(world: &World, id: ReceiverId) -> Value {
    world.announce(Uuid::new_v4(), &["team"], State::Opened).await;
    world.deliver().await;
    world.log(id).await[0].clone()
}

#[tokio::test]
async fn an_address_is_told_nothing_until_its_code_is_given() {
    let (world, server) = World::mailing().await;
    let id = receiver(&world, "team", "team@example.com").await;
    assert_eq!(world.show(id).await["awaits_confirmation"], true);
    let code = code(&world, &server, 1).await;

    let delivery = told(&world, id).await;
    assert_eq!(delivery["error"], "the address has not agreed yet: enter the code that was mailed to it");
    let test = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert_eq!(test["ok"], false);
    assert_eq!(server.received(1).await.len(), 1);

    assert_eq!(confirm(&world, id, "00000000").await.problem(422), "invalid_confirmation_code");
    let confirmed = confirm(&world, id, &code.to_lowercase()).await.expect(200);
    assert_eq!(confirmed["awaits_confirmation"], false);
    assert_eq!(told(&world, id).await["status"], "delivered");
    assert!(world.events("receiver.").await.contains(&"receiver.confirmed.v1".into()));
    // The address is confirmed for the organization, and for no other.
    let again = receiver(&world, "again", "team@example.com").await;
    assert_eq!(world.show(again).await["awaits_confirmation"], false);
    let globex = world.db.org("globex").await;
    let fields = json!({ "name": "t", "receiver_im": "t", "im_type": "email", "transport": "smtp", "destination_id": "team@example.com" });
    let theirs = world.client_of(&globex).post("/api/v1/receivers", fields).await.expect(201);
    assert_eq!(theirs["awaits_confirmation"], true);
}

#[tokio::test]
async fn a_code_is_over_after_a_day_after_five_guesses_and_after_another() {
    let (world, server) = World::mailing().await;
    let id = receiver(&world, "team", "team@example.com").await;
    let ask = format!("/api/v1/receivers/{id}/ask");
    let first = code(&world, &server, 1).await;
    for _ in 0..5 {
        confirm(&world, id, "wrong").await.expect(422);
    }
    confirm(&world, id, &first).await.expect(422);

    assert_eq!(world.client().post(&ask, json!({})).await.problem(429), "confirmation_sent_too_often");
    world.db.clock.advance(TimeDelta::minutes(1));
    assert_eq!(world.client().post(&ask, json!({})).await.status, 204);
    let second = code(&world, &server, 2).await;
    confirm(&world, id, &first).await.expect(422);
    world.db.clock.advance(TimeDelta::days(1));
    confirm(&world, id, &second).await.expect(422);

    for number in 3..8 {
        world.db.clock.advance(TimeDelta::minutes(1));
        assert_eq!(world.client().post(&ask, json!({})).await.status, 204, "{number}");
    }
    world.db.clock.advance(TimeDelta::minutes(1));
    assert_eq!(world.client().post(&ask, json!({})).await.problem(429), "confirmation_sent_too_often");
}

#[tokio::test]
async fn nobody_has_strangers_mailboxes_filled() {
    let (world, _server) = World::mailing().await;
    for number in 0..20 {
        receiver(&world, &format!("n{number}"), &format!("n{number}@example.com")).await;
    }
    let fields = json!({ "name": "n", "receiver_im": "n", "im_type": "email", "transport": "smtp", "destination_id": "n@example.com" });
    let refused = world.client().post("/api/v1/receivers", fields).await;
    assert_eq!(refused.problem(429), "confirmation_sent_too_often");
    // Not even by deleting and making it again.
    let (id, path) = (receiver(&world, "again", "n0@example.com").await, "/api/v1/receivers");
    world.client().delete(&format!("{path}/{id}")).await;
    receiver(&world, "again", "n0@example.com").await;
    assert_eq!(world.org.count("jobs").await, 20);
}

#[tokio::test]
async fn a_member_s_address_needs_no_code() {
    let (world, server) = World::mailing().await;
    world
        .execute(
            "insert into users (id, email, password_hash, auth_provider, status, email_verified_at, created_at, updated_at)
            values ('0199c2a4-0000-7000-8000-000000000001', 'jo@example.com', null, 'local', 'active', now(), now(), now());
            insert into memberships (org_id, user_id, role, status, created_at, updated_at)
            select id, '0199c2a4-0000-7000-8000-000000000001', 'member', 'active', now(), now() from organizations",
        )
        .await;
    let id = receiver(&world, "team", "Jo@example.com").await;
    assert_eq!(world.show(id).await["awaits_confirmation"], false);
    assert_eq!(told(&world, id).await["status"], "delivered");
    assert_eq!(server.received(1).await.len(), 1);
}

#[tokio::test]
async fn what_the_mail_server_says_to_the_code_is_shown() {
    let (world, _server) = World::mailing().await;
    let id = receiver(&world, "team", "550-no-such-user@example.com").await;
    world.deliver().await;
    let shown = world.show(id).await;
    assert!(shown["confirmation_error"].as_str().unwrap().contains("550"), "{shown}");
}
