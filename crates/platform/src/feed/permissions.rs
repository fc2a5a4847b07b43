//! What a customer's NATS user may do: read some events of one organization.

use std::fmt::Write as _;

use kernel::OrgId;

/// Who reads.
pub struct Reader<'a> {
    pub org: OrgId,
    /// Areas or kinds, such as `issue` or `run.concluded.v1`; all if there are none.
    pub kinds: &'a [String],
    pub stream: &'a str,
}

/// The consumer's name, and the subjects it reads.
fn consumers(reader: &Reader<'_>) -> Vec<(String, String)> {
    let org = reader.org;
    if reader.kinds.is_empty() {
        return vec![(org.to_string(), format!("steward.{org}.>"))];
    }
    let of = |kind: &String| {
        // A whole kind ends in its version; anything else is what kinds begin with.
        let last = kind.rsplit('.').next().unwrap_or_default();
        let whole = last.strip_prefix('v').is_some_and(|version| version.parse::<u32>().is_ok());
        let subject = format!("steward.{org}.{kind}{}", if whole { "" } else { ".>" });
        (format!("{org}-{}", kind.replace('.', "-")), subject)
    };
    reader.kinds.iter().map(of).collect()
}

/// A user for nats-server's `authorization { users = [ … ] }`, or for an account's `users`.
///
/// Permission to make a consumer is permission for one name with one filter, which nats-server checks against the request; replies
/// come to an inbox of the user's own, because whoever may listen to `_INBOX.>` hears what others are answered.
pub fn permissions(reader: &Reader<'_>) -> String {
    let (org, stream) = (reader.org, reader.stream);
    let mut publish = vec!["$JS.API.INFO".to_owned(), format!("$JS.API.STREAM.INFO.{stream}")];
    let mut subscribe = vec![format!("_INBOX_{org}.>")];
    for (name, subject) in consumers(reader) {
        publish.push(format!("$JS.API.CONSUMER.CREATE.{stream}.{name}.{subject}"));
        publish.push(format!("$JS.API.CONSUMER.INFO.{stream}.{name}"));
        publish.push(format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}"));
        publish.push(format!("$JS.ACK.{stream}.{name}.>"));
        subscribe.push(subject);
    }
    let list = |subjects: &[String]| {
        subjects.iter().fold(String::new(), |mut text, subject| {
            let _infallible = writeln!(text, "      {subject:?}");
            text
        })
    };
    format!(
        "{{\n  user: \"{org}\"\n  password: \"$CHANGE_ME\"\n  permissions: {{\n    publish: {{ allow: [\n{}    ] }}\n    \
         subscribe: {{ allow: [\n{}    ] }}\n  }}\n}}\n",
        list(&publish),
        list(&subscribe)
    )
}
