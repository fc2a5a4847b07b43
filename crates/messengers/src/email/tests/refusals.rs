//! Answers of a real server that are no.

use testkit::mail::{Protection, Setup};

use super::{super::Login, Message, Server, give_up, message_to, retry, running, send};

#[tokio::test]
async fn a_refused_recipient_is_named_and_4yz_is_tried_again() {
    let (server, settings) = running(Setup::default()).await;
    let outcome = send(settings.clone(), &message_to("550-no-such-user@example.com")).await;
    give_up(outcome, &["refused the recipient 550-no-such-user@example.com", "550 no such user"]);
    let outcome = send(settings.clone(), &message_to("451-greylisted@example.com")).await;
    retry(outcome, &["refused the recipient 451-greylisted@example.com for now", "451 greylisted"]);
    let outcome = send(settings.clone(), &message_to("data-554-this-is-spam@example.com")).await;
    give_up(outcome, &["refused the message: 554 this is spam"]);
    let outcome = send(settings.clone(), &message_to("data-452-mailbox-full@example.com")).await;
    retry(outcome, &["refused the message for now: 452 mailbox full"]);

    send(settings, &message_to("jo@example.com")).await.unwrap();
    assert_eq!(server.received(1).await.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_told_apart_and_not_repeated() {
    let setup =
        Setup { protection: Protection::StartTls, user: Some(("steward", "right")), ..Setup::default() };
    let (_server, settings) = running(setup).await;
    let signed_in_with = |password: &str| {
        let credentials = Login { user: "steward".into(), password: password.to_owned().into() };
        Server { credentials: Some(credentials), ..settings.clone() }
    };
    let message = message_to("jo@example.com");
    let error =
        give_up(send(signed_in_with("canary"), &message).await, &["refused the user or password", "535"]);
    assert!(!error.contains("canary"), "{error}");
    let nobody = Server { credentials: None, ..settings.clone() };
    give_up(send(nobody, &message).await, &["refused the sender", "530", "Authentication required"]);
    send(signed_in_with("right"), &message).await.unwrap();
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_not_sent() {
    let (_server, settings) = running(Setup { size: 2000, ..Setup::default() }).await;
    let message = Message { text: "x".repeat(3000), ..message_to("jo@example.com") };
    give_up(send(settings.clone(), &message).await, &["bytes, and the mail server takes 2000"]);
    let message = Message { html: Some("x".repeat(1024 * 1024 + 1)), ..message_to("jo@example.com") };
    give_up(send(settings, &message).await, &["the HTML of the mail has 1048577 bytes; at most 1048576"]);
}
