//! Mail that arrives.

use testkit::mail::{
    Protection, Setup,
    mail_parser::{Address, HeaderValue, MimeHeaders},
};

use super::{super::AutoSubmitted, message_to, running, send};

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let (server, settings) = running(Setup::default()).await;
    let message = super::Message {
        reply_to: Some("\"Büro, Berlin\" <office@example.org>".parse().unwrap()),
        subject:
            "Einladung für Jö 🎉: kommen Sie herein, es ist genug Platz für alle, die etwas zu sagen haben"
                .into(),
        text: "Grüße.\nZweite Zeile.\n".into(),
        html: Some("<p>Grüße.</p>".into()),
        in_reply_to: Some("<before@mail.example>".parse().unwrap()),
        references: vec!["first@mail.example".parse().unwrap(), "before@mail.example".parse().unwrap()],
        auto_submitted: Some(AutoSubmitted::Generated),
        ..message_to("\"Doe, Jö\" <jo@example.com>")
    };
    let accepted = send(settings, &message).await.unwrap();
    assert_eq!(accepted.said, "250 2.0.0 queued as 4711");

    let received = server.received(1).await.remove(0);
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("steward@example.org", &["jo@example.com".to_owned()][..])
    );
    assert!(received.hello.contains('.'), "{}", received.hello);
    let mail = received.message();
    assert_eq!(mail.subject(), Some(message.subject.as_str()));
    assert_eq!(mail.body_text(0).as_deref(), Some("Grüße.\r\nZweite Zeile.\r\n"));
    assert_eq!(mail.body_html(0).as_deref(), Some("<p>Grüße.</p>"));
    assert_eq!(mail.message_id(), Some("0199@example.org"));
    assert_eq!(mail.in_reply_to().as_text(), Some("before@mail.example"));
    assert_eq!(mail.references().as_text_list().unwrap(), ["first@mail.example", "before@mail.example"]);
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-11-21T12:00:00Z");
    let one = |address: Option<&Address<'_>>| {
        let first = address.unwrap().first().unwrap();
        (first.name().map(str::to_owned), first.address().map(str::to_owned))
    };
    let person = |name: &str, address: &str| (Some(name.to_owned()), Some(address.to_owned()));
    assert_eq!(one(mail.from()), person("Steward", "steward@example.org"));
    assert_eq!(one(mail.to()), person("Doe, Jö", "jo@example.com"));
    assert_eq!(one(mail.reply_to()), person("Büro, Berlin", "office@example.org"));
    let robot = mail.header("Auto-Submitted").and_then(HeaderValue::as_text);
    assert_eq!(robot, Some("auto-generated"));
    let kind = mail.content_type().unwrap();
    assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("alternative")));
}

#[tokio::test]
async fn the_server_may_want_tls_and_a_sign_in() {
    for (protection, without) in [
        (Protection::StartTls, &[][..]),
        (Protection::Tls, &[][..]),
        (Protection::Plain, &[][..]),
        (Protection::StartTls, &["PLAIN"][..]),
    ] {
        let setup = Setup { protection, without, user: Some(("steward", "canary")), ..Setup::default() };
        let (server, settings) = running(setup).await;
        send(settings, &message_to("jo@example.com")).await.unwrap();
        let received = server.received(1).await.remove(0);
        assert_eq!(received.user.as_deref(), Some("steward"), "{protection:?} without {without:?}");
        assert_eq!(received.encrypted, protection != Protection::Plain, "{protection:?}");
    }
}

#[tokio::test]
async fn whatever_stands_in_a_text_ends_no_mail_and_starts_no_header() {
    let (server, settings) = running(Setup::default()).await;
    let text = format!(
        ".\n..\n.\r\nQUIT\r\n\r\n.\r\nMAIL FROM:<x@example.com>\n--=_alternative\nFrom here\n{}\n\ttab and trail  \n",
        "x".repeat(5000)
    );
    let message = super::Message {
        subject: "Hi\r\nBcc: all@example.com\n\nThe body\0\u{1b}[31m".into(),
        text: text.clone(),
        html: Some(text.clone()),
        ..message_to("jo@example.com")
    };
    let message = super::Message {
        to: super::Mailbox { name: Some("Jo\r\nBcc: <all@example.com>".into()), ..message.to },
        ..message
    };
    send(settings.clone(), &message).await.unwrap();
    // The connection after it is an ordinary one.
    send(settings, &message_to("jo@example.com")).await.unwrap();

    let received = server.received(2).await;
    let mail = received[0].message();
    assert_eq!(received[0].to, ["jo@example.com"]);
    assert_eq!(mail.subject(), Some("Hi Bcc: all@example.com The body [31m"));
    assert!(mail.bcc().is_none());
    let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
    assert_eq!(mail.body_text(0).as_deref(), Some(lines.as_str()));
    assert_eq!(mail.body_html(0).as_deref(), Some(lines.as_str()));
    assert_eq!(received[1].message().subject(), Some("You are invited"));
    assert_eq!(received.len(), 2);
}

#[tokio::test]
async fn an_address_outside_ascii_needs_a_server_that_takes_it() {
    let (server, settings) = running(Setup::default()).await;
    send(settings, &message_to("jö@bücher.example")).await.unwrap();
    let received = server.received(1).await.remove(0);
    assert_eq!(received.to, ["jö@xn--bcher-kva.example"]);
    assert!(received.options.iter().any(|option| option == "SMTPUTF8"), "{:?}", received.options);

    let (_server, settings) = running(Setup { smtputf8: false, ..Setup::default() }).await;
    let outcome = send(settings.clone(), &message_to("jö@example.com")).await;
    super::give_up(outcome, &["outside ASCII", "SMTPUTF8"]);
    // A domain outside ASCII needs nothing.
    send(settings, &message_to("jo@bücher.example")).await.unwrap();
}
