//! Servers that break, hang, lie and chatter.

use std::time::Duration;

use super::{
    super::{Limits, Login, Security},
    Server,
    fake::{Fake, Then},
    give_up, message_to, retry, send,
};

const HELLO: &str = "250-mail.example\r\n250 SIZE 0\r\n";
const OK: &str = "250 OK\r\n";

async fn outcome(fake: &Fake) -> Result<super::Accepted, super::SendError> {
    send(fake.settings(), &message_to("jo@example.com")).await
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_wherever_it_breaks() {
    let whole: &[&str] = &["220 mail.example\r\n", HELLO, OK, OK, "354 go on\r\n"];
    for (said, step) in ["the greeting", "EHLO", "the sender", "the recipient", "the message", "the message"]
        .iter()
        .enumerate()
    {
        let fake = Fake::saying(&whole[..said], Then::Closes).await;
        retry(outcome(&fake).await, &["the connection to the mail server broke at", step]);
    }
    let fake = Fake::saying(&[], Then::Closes).await;
    let nobody = fake.settings();
    drop(fake);
    // Nobody listens there any more.
    retry(send(nobody, &message_to("jo@example.com")).await, &["127.0.0.1:"]);
    let nowhere =
        Server { host: "nowhere.invalid".into(), ..Server::from_url("smtp://localhost?tls=none").unwrap() };
    retry(
        send(nowhere, &message_to("jo@example.com")).await,
        &["cannot find the address of nowhere.invalid"],
    );
}

#[tokio::test]
async fn a_server_that_never_answers_is_left() {
    let moment = Duration::from_millis(50);
    let long = Duration::from_secs(60);
    let impatient = |settings: Server, command, whole| {
        let limits = Limits { command, whole, ..Limits::default() };
        Server { limits, ..settings }
    };
    let message = message_to("jo@example.com");
    let mute = Fake::saying(&[], Then::Hangs).await;
    let error = send(impatient(mute.settings(), moment, long), &message).await;
    retry(error, &["too slow at the greeting", "no answer within 50ms"]);
    let error = send(impatient(mute.settings(), long, moment), &message).await;
    retry(error, &["did not take the mail within 50ms"]);
    let tls = Server { security: Security::Tls, ..impatient(mute.settings(), moment, long) };
    retry(send(tls, &message).await, &["TLS with", "no answer within 50ms"]);

    let late = Fake::saying(&["220 mail.example\r\n", HELLO, OK, OK, "354 go on\r\n"], Then::Hangs).await;
    // Long enough for the steps before on a machine that is busy.
    let patient = impatient(late.settings(), Duration::from_secs(2), long);
    retry(send(patient, &message).await, &["too slow at the message"]);
}

#[tokio::test]
async fn a_mail_that_was_taken_stays_taken_when_the_farewell_fails() {
    let replies: &[&str] = &["220 mail.example\r\n", HELLO, OK, OK, "354 go on\r\n", "250 queued\r\n"];
    for then in [Then::Closes, Then::Hangs, Then::Repeats(b"250-x\r\n")] {
        let fake = Fake::saying(replies, then).await;
        assert_eq!(outcome(&fake).await.unwrap().said, "250 queued");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_listened_to() {
    for noise in [&b"x"[..], b"250-x\r\n", b"220-\r\n", b"\0", b"\xff\xfe"] {
        let fake = Fake::saying(&["220-"], Then::Repeats(noise)).await;
        let error = retry(outcome(&fake).await, &["broke at the greeting"]);
        assert!(error.len() < 1000, "{error}");
    }
}

#[tokio::test]
async fn what_is_no_mail_server_is_told() {
    for said in [
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        "\r\n",
        "22\r\n",
        "999 \r\n",
        "2\u{e9}0 x\r\n",
    ] {
        let said: &'static str = String::leak(said.to_owned());
        let fake = Fake::saying(Vec::leak(vec![said]), Then::Hangs).await;
        retry(outcome(&fake).await, &["no mail server answers like this"]);
    }
}

#[tokio::test]
async fn refusals_of_the_whole_server_are_told() {
    let fake = Fake::saying(&["554 5.7.1 Your address is listed\r\n"], Then::Hangs).await;
    give_up(outcome(&fake).await, &["does not talk to this machine: 554 5.7.1 Your address is listed"]);
    let fake = Fake::saying(&["421 too busy\r\n"], Then::Closes).await;
    retry(outcome(&fake).await, &["does not talk to this machine for now: 421"]);
    let fake = Fake::saying(&["220 mail.example\r\n", "502 what?\r\n"], Then::Hangs).await;
    give_up(outcome(&fake).await, &["refused EHLO: 502 what?"]);
    // Several lines, with letters that are no UTF-8.
    let fake = Fake::saying(
        &["220 mail.example\r\n", HELLO, "550-5.1.8 one\r\n550 5.1.8 two\u{7}\r\n"],
        Then::Hangs,
    )
    .await;
    give_up(outcome(&fake).await, &["refused the sender steward@example.org: 550 5.1.8 one 5.1.8 two"]);
}

#[tokio::test]
async fn a_code_without_words_is_a_reply() {
    let fake =
        Fake::saying(&["220\r\n", "250\r\n", "250\r\n", "251\r\n", "354\r\n", "250\r\n"], Then::Closes).await;
    assert_eq!(outcome(&fake).await.unwrap().said, "250");
    assert_eq!(fake.heard()[1], "MAIL FROM:<steward@example.org>");
}

#[tokio::test]
async fn a_password_that_the_server_repeats_is_hidden() {
    const OFFERS: &str = "250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n";
    // AUTH PLAIN of steward and canary, and the password alone.
    const REPEATS: &str = "535 AHN0ZXdhcmQAY2FuYXJ5 is Y2FuYXJ5 is canary\r\n";
    let fake = Fake::saying(&["220 mail.example\r\n", OFFERS, REPEATS], Then::Hangs).await;
    let credentials = Some(Login { user: "steward".into(), password: "canary".to_owned().into() });
    let settings = Server { credentials, ..fake.settings() };
    let outcome = send(settings.clone(), &message_to("jo@example.com")).await;
    give_up(outcome, &["535 [hidden] is [hidden] is [hidden]"]);
    assert_eq!(fake.heard()[1], "AUTH PLAIN AHN0ZXdhcmQAY2FuYXJ5");

    let replies: &[&str] =
        &["220 mail.example\r\n", OFFERS, "235\r\n", OK, OK, "354\r\n", "250 hi canary\r\n"];
    let fake = Fake::saying(replies, Then::Closes).await;
    let settings = Server { port: fake.settings().port, ..settings };
    assert_eq!(send(settings, &message_to("jo@example.com")).await.unwrap().said, "250 hi [hidden]");
}

#[tokio::test]
async fn a_password_with_spaces_that_the_server_repeats_is_hidden() {
    const OFFERS: &str = "250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n";
    let replies: &[&str] = &["220 mail.example\r\n", OFFERS, "535 no  ca  na\try, sorry\r\n"];
    let fake = Fake::saying(replies, Then::Hangs).await;
    let credentials = Some(Login { user: "steward".into(), password: "ca  na\try".to_owned().into() });
    let settings = Server { credentials, ..fake.settings() };
    give_up(send(settings, &message_to("jo@example.com")).await, &["535 no [hidden], sorry"]);
}

#[tokio::test]
async fn a_sign_in_by_means_unknown_here_is_told() {
    let replies: &[&str] = &["220 mail.example\r\n", "250-mail.example\r\n250 auth CRAM-MD5 GSSAPI\r\n"];
    let credentials = Some(Login { user: "steward".into(), password: "canary".to_owned().into() });
    let fake = Fake::saying(replies, Then::Hangs).await;
    let settings = Server { credentials: credentials.clone(), ..fake.settings() };
    give_up(send(settings, &message_to("jo@example.com")).await, &["CRAM-MD5 GSSAPI", "PLAIN and LOGIN"]);
    let fake = Fake::saying(&["220 mail.example\r\n", HELLO], Then::Hangs).await;
    let settings = Server { credentials, ..fake.settings() };
    give_up(send(settings, &message_to("jo@example.com")).await, &["lets nobody sign in"]);
}

/// An attacker in between cannot write into the dialogue after TLS what he says before it ("NO STARTTLS", 2021).
#[tokio::test]
async fn what_is_said_before_tls_counts_for_nothing() {
    let offers = "250-mail.example\r\n250 STARTTLS\r\n";
    let injected = "220 go on\r\n250-mail.example\r\n250 AUTH PLAIN\r\n235 in\r\n250 OK\r\n";
    let fake = Fake::saying(Vec::leak(vec!["220 mail.example\r\n", offers, injected]), Then::Hangs).await;
    let settings = Server { security: Security::StartTls, ..fake.settings() };
    retry(send(settings, &message_to("jo@example.com")).await, &["between STARTTLS and TLS"]);
    assert_eq!(fake.heard().len(), 2, "{:?}", fake.heard());

    let fake =
        Fake::saying(Vec::leak(vec!["220 mail.example\r\n", offers, "454 not now\r\n"]), Then::Hangs).await;
    let settings = Server { security: Security::StartTls, ..fake.settings() };
    retry(send(settings, &message_to("jo@example.com")).await, &["refused STARTTLS for now: 454"]);
}
