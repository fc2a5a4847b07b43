//! A [`Message`] made into the bytes of a mail (RFC 5322, MIME). A pure function: what goes in decides every byte.
//!
//! Whatever stands in a text, no line of the result is longer than 998 octets, none holds a lone CR or LF, and all is
//! ASCII but for addresses that are not.

use chrono::{DateTime, Utc};
use lettre::{
    address::Envelope,
    message::{
        Body, Mailbox as Named, Message as Mime, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use super::{Address, AutoSubmitted, MailId, Mailbox, Message};
use crate::SendError;

/// Of the text, and of the HTML: a server takes some ten times as much.
const LARGEST_BODY: usize = 1024 * 1024;
/// Characters; programs show less than a hundred.
const LONGEST_SUBJECT: usize = 250;
const LONGEST_NAME: usize = 100;
/// A conversation may have any number of mails; the first and the last say where a mail belongs.
const MOST_REFERENCES: usize = 20;
/// No body that is quoted-printable or Base64 holds `=_` (RFC 2045, section 6.7), and others are not made.
const BOUNDARY: &str = "=_alternative";

/// Ready to be handed in.
pub(super) struct Mail {
    pub from: Address,
    pub to: Address,
    pub content: Vec<u8>,
}

impl Mail {
    /// An address that only a server with SMTPUTF8 can take, in the envelope or in a header.
    pub fn needs_utf8(&self) -> bool {
        self.from.needs_utf8() || self.to.needs_utf8() || !self.content.is_ascii()
    }
}

/// # Errors
/// [`SendError::GiveUp`] when a body is too large.
pub(super) fn compose(sender: &Mailbox, message: &Message, at: DateTime<Utc>) -> Result<Mail, SendError> {
    for (name, body) in [("text", Some(&message.text)), ("HTML", message.html.as_ref())] {
        let size = body.map_or(0, String::len);
        if size > LARGEST_BODY {
            let error = format!("the {name} of the mail has {size} bytes; at most {LARGEST_BODY} are sent");
            return Err(SendError::give_up(error));
        }
    }
    let to = vec![message.to.address.inner().clone()];
    let envelope = Envelope::new(Some(sender.address.inner().clone()), to).map_err(unwritable)?;
    let mut builder = Mime::builder()
        .envelope(envelope)
        .date(at.into())
        .from(named(sender))
        .to(named(&message.to))
        .subject(fit(&message.subject, LONGEST_SUBJECT))
        .message_id(Some(message.id.to_string()));
    if let Some(reply_to) = &message.reply_to {
        builder = builder.reply_to(named(reply_to));
    }
    if let Some(id) = &message.in_reply_to {
        builder = builder.in_reply_to(id.to_string());
    }
    if !message.references.is_empty() {
        builder = builder.references(references(&message.references));
    }
    if let Some(list) = &message.list {
        builder = builder.raw_header(header("List-Id", list.to_string()));
    }
    if let Some(kind) = message.auto_submitted {
        builder = builder.raw_header(auto_submitted(kind));
        // Exchange answers by itself in spite of the other.
        builder = builder.raw_header(header("X-Auto-Response-Suppress", "All".into()));
    }
    let text = part(ContentType::TEXT_PLAIN, &message.text);
    let mime = match &message.html {
        None => builder.singlepart(text),
        Some(html) => {
            let html = part(ContentType::TEXT_HTML, html);
            let alternatives = MultiPart::alternative().boundary(BOUNDARY).singlepart(text).singlepart(html);
            builder.multipart(alternatives)
        }
    };
    let content = mime.map_err(unwritable)?.formatted();
    Ok(Mail { from: sender.address.clone(), to: message.to.address.clone(), content })
}

fn unwritable(error: lettre::error::Error) -> SendError {
    SendError::give_up(format!("no mail can be made of this message: {error}"))
}

fn named(mailbox: &Mailbox) -> Named {
    let name = mailbox.name.as_deref().map(|name| fit(name, LONGEST_NAME));
    Named::new(name.filter(|name| !name.is_empty()), mailbox.address.inner().clone())
}

/// A text on one line, without control characters, cut where it is too long. What looks like an encoded word (RFC 2047)
/// is broken up: it would be decoded, to anything.
fn fit(text: &str, longest: usize) -> String {
    let words =
        text.split(|next: char| next.is_whitespace() || next.is_control()).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ").replace("=?", "= ?");
    match line.char_indices().nth(longest) {
        None => line,
        Some(_) => line.chars().take(longest - 1).chain(['…']).collect(),
    }
}

/// RFC 5322, section 3.6.4. Folding is at the spaces.
fn references(ids: &[MailId]) -> String {
    let latest = ids.len().saturating_sub(MOST_REFERENCES - 1).max(1);
    let kept = ids.iter().take(1).chain(ids.iter().skip(latest));
    kept.map(MailId::to_string).collect::<Vec<_>>().join(" ")
}

fn auto_submitted(kind: AutoSubmitted) -> HeaderValue {
    let value = match kind {
        AutoSubmitted::Generated => "auto-generated",
        AutoSubmitted::Replied => "auto-replied",
    };
    header("Auto-Submitted", value.to_owned())
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    // Line ends become those of the machine that made the text, then those of mail.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String =
        text.chars().filter(|next| !next.is_control() || matches!(next, '\n' | '\t')).collect();
    let body = Body::new(text.clone());
    let body = match body.encoding() {
        ContentTransferEncoding::QuotedPrintable | ContentTransferEncoding::Base64 => body,
        _ => {
            Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new)
        }
    };
    SinglePart::builder().header(kind).body(body)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;
    use testkit::mail::mail_parser::{Message as Parsed, MessageParser};

    use super::{Mail, Mailbox, Message, compose, fit, references};
    use crate::SendError;

    fn written(message: &Message) -> Result<Mail, SendError> {
        written_by("Steward <steward@example.org>".parse().unwrap(), message)
    }

    fn written_by(sender: Mailbox, message: &Message) -> Result<Mail, SendError> {
        compose(&sender, message, Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap())
    }

    fn message() -> Message {
        let (id, to) = ("0199@example.org".parse().unwrap(), "jo@example.com".parse().unwrap());
        Message::new(id, to, "Subject", "Text")
    }

    fn read(mail: &Mail) -> Parsed<'_> {
        MessageParser::default().parse(&mail.content).unwrap()
    }

    /// What section 2.3 of RFC 5322 and section 4.5.3.1.6 of RFC 5321 ask of every line.
    fn check_lines(mail: &Mail) {
        for line in mail.content.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r\n").expect("a whole line");
            assert!(line.len() <= 998 && line.is_ascii(), "{}", String::from_utf8_lossy(line));
            assert!(!line.iter().any(|byte| b"\r\n\0".contains(byte)), "{}", String::from_utf8_lossy(line));
        }
    }

    /// All of Unicode, what people type, and what looks like the syntax of mail.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[ -~\\r\\n\\täß漢🎉]{0,600}",
            "(=\\?utf-8\\?[bq]\\?[a-z0-9=_]{0,8}\\?=|--=_alternative|=|\\.|\r\n|[ \"\\\\<>(),;:@a]){0,30}",
        ]
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_written(
            subject in texts(),
            name in texts(),
            text in texts(),
            html in proptest::option::of(texts()),
        ) {
            let to = Mailbox { name: Some(name.clone()), ..message().to };
            let (sender, reply_to) = (to.clone(), Some(to.clone()));
            let message = Message { to, reply_to, subject: subject.clone(), text: text.clone(), html: html.clone(), ..message() };
            let mail = written_by(sender, &message).unwrap();
            check_lines(&mail);
            let read = read(&mail);
            prop_assert_eq!(read.subject().unwrap_or_default(), fit(&subject, 250));
            for mailbox in [read.from(), read.to(), read.reply_to()] {
                let mailbox = mailbox.unwrap().first().unwrap();
                prop_assert_eq!(mailbox.name().unwrap_or_default(), fit(&name, 100));
                prop_assert_eq!(mailbox.address(), Some("jo@example.com"));
            }
            let clean = |text: &str| {
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                text.replace(|next: char| next.is_control() && next != '\n' && next != '\t', "").replace('\n', "\r\n")
            };
            // A mail ends with the end of a line.
            let (body, text) = (read.body_text(0).unwrap(), clean(&text));
            prop_assert_eq!(body.trim_end_matches("\r\n"), text.trim_end_matches("\r\n"));
            if let Some(html) = html {
                prop_assert_eq!(read.body_html(0).unwrap(), clean(&html));
            }
        }
    }

    #[test]
    fn the_same_message_is_the_same_mail() {
        let message = Message { html: Some("<p>ä</p>".into()), ..message() };
        assert_eq!(written(&message).unwrap().content, written(&message).unwrap().content);
    }

    #[test]
    fn a_long_conversation_is_named_by_its_first_and_its_last_mails() {
        let ids: Vec<_> = (0..50).map(|number| format!("{number}@example.com").parse().unwrap()).collect();
        assert_eq!(references(&ids[..1]), "<0@example.com>");
        assert_eq!(references(&ids[..2]), "<0@example.com> <1@example.com>");
        let kept = references(&ids);
        assert!(
            kept.starts_with("<0@example.com> <31@example.com>") && kept.ends_with("<49@example.com>"),
            "{kept}"
        );
        assert_eq!(kept.split(' ').count(), 20);
        assert_eq!(references(&ids[..20]).split(' ').count(), 20);
        check_lines(&written(&Message { references: ids, ..message() }).unwrap());
    }

    #[test]
    fn a_line_is_cut_where_it_is_too_long() {
        assert_eq!(fit(" a\r\n\tb\0c ", 10), "a b c");
        assert_eq!(fit("äöüß", 4), "äöüß");
        assert_eq!(fit("äöüßx", 4), "äöü…");
        assert_eq!(fit("=?utf-8?q?=0D=0ABcc:_x?=", 40), "= ?utf-8?q?=0D=0ABcc:_x?=");
    }
}
