//! What is written: one mail to one person.

use std::{fmt, str::FromStr};

use super::Mailbox;

/// A mail as its author sees it. Texts from outside may stand in any field: they stay text.
#[derive(Clone, Debug)]
pub struct Message {
    /// The same for every attempt to send it.
    pub id: MailId,
    pub to: Mailbox,
    /// Whom an answer goes to, when that is not the sender.
    pub reply_to: Option<Mailbox>,
    pub subject: String,
    pub text: String,
    /// The same as `text`, for programs that show HTML.
    pub html: Option<String>,
    /// The mail that this one answers.
    pub in_reply_to: Option<MailId>,
    /// The mails of the conversation before this one, oldest first.
    pub references: Vec<MailId>,
    /// Whom the mail is one of many for, such as `devops.example.com`: programs sort by it (RFC 2919).
    pub list: Option<ListId>,
    /// `None` for what a person wrote.
    pub auto_submitted: Option<AutoSubmitted>,
}

impl Message {
    /// A mail that begins a conversation.
    pub fn new(id: MailId, to: Mailbox, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id,
            to,
            reply_to: None,
            subject: subject.into(),
            text: text.into(),
            html: None,
            in_reply_to: None,
            references: Vec::new(),
            list: None,
            auto_submitted: None,
        }
    }
}

/// That no person wrote it (RFC 3834, section 5), so that no robot answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoSubmitted {
    /// Of its own accord, such as an invitation or a notification.
    Generated,
    /// Answers a mail.
    Replied,
}

/// `left@right` (RFC 5322, section 3.6.4), kept without its brackets.
///
/// What other programs made is taken as it is, as long as it fits on a line and cannot end it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MailId(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the id of a mail such as 0199@mail.example.com")]
pub struct InvalidMessageId;

const LONGEST_ID: usize = 250;
const LONGEST_LABEL: usize = 63;

impl MailId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MailId {
    type Err = InvalidMessageId;

    fn from_str(text: &str) -> Result<Self, InvalidMessageId> {
        let text = text.trim();
        let id = text.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(text);
        let fits = (1..=LONGEST_ID).contains(&id.len());
        if fits && id.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte)) {
            Ok(Self(id.to_owned()))
        } else {
            Err(InvalidMessageId)
        }
    }
}

/// Names a list in the form of a domain (RFC 2919, section 2), without its brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListId(String);

impl ListId {
    /// The list of this name at a domain. What a domain cannot hold becomes a dash.
    pub fn at(name: &str, domain: &str) -> Self {
        let label = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let name: String = name.chars().take(LONGEST_LABEL).map(label).collect();
        Self(format!("{name}.{domain}"))
    }
}

/// As it stands in a header.
impl fmt::Display for ListId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "<{}>", self.0)
    }
}

/// As it stands in a header.
impl fmt::Display for MailId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "<{}>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::MailId;

    #[test]
    fn an_id_fits_on_a_line_and_cannot_end_it() {
        let check = |text: &str, expected: Option<&str>| {
            let found = text.parse::<MailId>().ok().map(|id| id.to_string());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        };
        check("0199@mail.example", Some("<0199@mail.example>"));
        check(" <0199@mail.example> ", Some("<0199@mail.example>"));
        check("CAF+x=_$%[1]@mail.gmail.com", Some("<CAF+x=_$%[1]@mail.gmail.com>"));
        for wrong in ["", "<>", "a b@c", "a@b>\r\nBcc: x@y", "a@b\r\n c", "<a@b> <c@d>", "ä@b"] {
            check(wrong, None);
        }
        check(&"x".repeat(251), None);
    }
}
