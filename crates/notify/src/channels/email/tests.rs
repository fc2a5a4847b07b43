//! What a real mail server gets, and what it refuses.

use serde_json::json;
use testkit::mail::Received;
use uuid::Uuid;

use crate::{
    ReceiverId,
    card::{Card, State},
    tests::{World, card},
};

async fn receiver(world: &World, address: &str) -> ReceiverId {
    let fields = json!({ "im_type": "email", "transport": "smtp", "destination_id": address });
    let id = world.receiver("team", fields).await;
    world.execute("update mail_addresses set confirmed_at = expires_at").await;
    id
}

fn header<'a>(mail: &'a Received, name: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(&mail.content).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap();
    head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn the_states_of_an_issue_are_one_conversation_in_text_and_html() {
    let (world, server) = World::mailing().await;
    let id = receiver(&world, "Team@EXAMPLE.com").await;
    let issue = Uuid::new_v4();
    for state in [State::Opened, State::Concluded, State::Resolved] {
        world.announce(issue, &["team"], state).await;
        world.deliver().await;
    }
    let mails: Vec<_> =
        server.received(3).await.into_iter().filter(|mail| header(mail, "List-Id").is_some()).collect();
    let [first, second, third] = &mails[..] else { panic!("{}", mails.len()) };
    let conversation = format!("<issue-{issue}@steward.example>");
    let first_id = header(first, "Message-ID").unwrap();
    let log = world.log(id).await;
    assert_eq!(first_id, format!("<{}@steward.example>", log[2]["id"].as_str().unwrap()));
    assert_eq!((header(first, "References"), header(first, "In-Reply-To")), (Some(&*conversation), None));
    for (mail, delivery) in [(second, &log[1]), (third, &log[0])] {
        assert_eq!(header(mail, "In-Reply-To"), Some(first_id));
        let message = mail.message();
        let references = message.references().as_text_list().unwrap().to_vec();
        assert_eq!(references.len(), 2);
        assert!(header(mail, "Message-ID").unwrap().contains(delivery["id"].as_str().unwrap()));
    }
    for mail in &mails {
        assert_eq!(mail.to, ["Team@example.com"]);
        assert_eq!(header(mail, "Auto-Submitted"), Some("auto-generated"));
        assert_eq!(header(mail, "List-Id"), Some("<issues.steward.example>"));
        assert_eq!(mail.message().subject(), Some("[Steward] Pod web-1 crash-loops"));
    }
    let message = second.message();
    for body in [message.body_text(0).unwrap(), message.body_html(0).unwrap()] {
        for said in [
            "Real issue",
            "The last deploy removed a variable.",
            "DATABASE_URL is not set",
            "Roll back to v41",
            "https://steward.example/issues/1",
        ] {
            assert!(body.contains(said), "{said}: {body}");
        }
    }
}

#[tokio::test]
async fn what_is_told_can_become_neither_a_header_nor_markup() {
    let (world, server) = World::mailing().await;
    receiver(&world, "team@example.com").await;
    let evil = "a\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>=?utf-8?q?=0D=0ABcc:_x?=";
    let card = Card {
        title: evil.into(),
        summary: Some(evil.into()),
        cause: Some(evil.into()),
        actions: vec![evil.into()],
        ..card(State::Concluded)
    };
    world.announce_card(Uuid::new_v4(), &["team"], card).await;
    world.deliver().await;
    let mails = server.received(1).await;
    let mail = mails.iter().find(|mail| header(mail, "List-Id").is_some()).unwrap();
    assert_eq!(mail.to, ["team@example.com"]);
    assert_eq!(header(mail, "Bcc"), None);
    assert!(!mail.message().body_html(0).unwrap().contains("<script>"));
}

#[tokio::test]
async fn a_mail_server_s_refusal_is_shown_at_the_delivery() {
    let (world, _server) = World::mailing().await;
    let id = receiver(&world, "550-no-such-user@example.com").await;
    world.announce(Uuid::new_v4(), &["team"], State::Opened).await;
    world.deliver().await;
    let log = world.log(id).await;
    assert_eq!(log[0]["status"], "failed");
    let error = log[0]["error"].as_str().unwrap();
    assert!(error.contains("refused the recipient 550-no-such-user@example.com: 550"), "{error}");
    assert_eq!(world.show(id).await["health"], "failing");
}

#[tokio::test]
async fn without_a_mail_server_it_waits_for_a_process_that_has_one() {
    let world = World::new().await;
    let id = receiver(&world, "team@example.com").await;
    world.announce(Uuid::new_v4(), &["team"], State::Opened).await;
    world.deliver().await;
    let log = world.log(id).await;
    assert_eq!(log[0]["status"], "pending");
    assert!(log[0]["error"].as_str().unwrap().contains("--smtp-url"));
}
