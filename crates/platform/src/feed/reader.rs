//! A customer's program that reads some events of one organization.
//!
//! Each has an *account* of its own in nats-server, because permissions of a user do not hold it: nats-server looks at no reply subject, and
//! whoever may ask `JetStream` anything has the answer, or events, sent to a subject of others. Between accounts nothing passes but what the
//! operator's configuration imports, which [`Reader::account`] writes: the program's events as they happen, and three doors to consumers
//! that [`Reader::prepare`] makes in Steward's account, with filters that the program cannot change. An answer goes back into the account that asked.

use std::{collections::BTreeSet, fmt::Write as _};

use async_nats::jetstream::consumer::{AckPolicy, pull};
use kernel::{Error, OrgId, Result, Secret};

use super::{
    Options,
    jetstream::{away, connect},
};
use crate::record::Catalogue;

/// As what a program addresses `JetStream` in Steward's account: a domain, in the words of NATS.
const DOMAIN: &str = "steward";

/// Who reads.
pub struct Reader {
    org: OrgId,
    name: String,
    kinds: Vec<String>,
}

/// What stands in the stream for a reader: its place, and what it reads.
struct Consumer {
    name: String,
    filter: String,
}

impl Reader {
    /// One program of an organization's, by a word. It reads kinds, such as `run.concluded.v1`, or what they begin with, such as `issue`; all
    /// if there are none.
    ///
    /// # Errors
    /// `invalid_setting` for what no event is.
    pub fn new(org: OrgId, name: String, kinds: Vec<String>, known: &Catalogue) -> Result<Self> {
        kinds.iter().try_for_each(|kind| check(kind, known))?;
        Ok(Self { org, name, kinds })
    }

    /// Its account, its user, and what the names of its consumers begin with.
    pub fn id(&self) -> String {
        format!("{}-{}", self.org, self.name)
    }

    fn consumers(&self) -> Vec<Consumer> {
        let (id, org) = (self.id(), self.org);
        if self.kinds.is_empty() {
            return vec![Consumer { name: id, filter: format!("steward.{org}.>") }];
        }
        let of = |kind: &String| Consumer {
            name: format!("{id}-{}", kind.replace('.', "-")),
            filter: format!("steward.{org}.{kind}{}", if is_whole(kind) { "" } else { ".>" }),
        };
        self.kinds.iter().map(of).collect()
    }

    /// Makes its consumers, of all that the stream has and will have. Those that are there keep their place.
    ///
    /// # Errors
    /// When NATS is away or has no such stream.
    pub async fn prepare(&self, options: &Options) -> Result<()> {
        let context = connect(options).await?;
        for Consumer { name, filter } in self.consumers() {
            let config = pull::Config {
                durable_name: Some(name),
                filter_subject: filter,
                ack_policy: AckPolicy::Explicit,
                ..Default::default()
            };
            context.create_consumer_on_stream(config, &options.stream).await.map_err(away)?;
        }
        Ok(())
    }

    /// Its account for nats-server's `accounts { … }`. Steward's own is `steward` there, and exports what this imports.
    pub fn account(&self, stream: &str, password: &Secret<String>) -> String {
        let id = self.id();
        let mut imports = String::new();
        for Consumer { name, filter } in self.consumers() {
            let _infallible =
                writeln!(imports, "    {{ stream: {{ account: steward, subject: {filter:?} }} }}");
            for request in ["INFO", "MSG.NEXT"] {
                let subject = format!("API.CONSUMER.{request}.{stream}.{name}");
                let _infallible = writeln!(
                    imports,
                    "    {{ service: {{ account: steward, subject: \"$JS.{subject}\" }}, to: \"$JS.{DOMAIN}.{subject}\" }}"
                );
            }
            let _infallible = writeln!(
                imports,
                "    {{ service: {{ account: steward, subject: \"$JS.ACK.{stream}.{name}.>\" }} }}"
            );
        }
        let password = password.expose();
        format!(
            "\"{id}\": {{\n  users: [ {{ user: \"{id}\", password: \"{password}\" }} ]\n  imports: [\n{imports}  ]\n}}\n"
        )
    }
}

/// A whole kind ends in its version; anything else is what kinds begin with.
fn is_whole(kind: &str) -> bool {
    let last = kind.rsplit('.').next().unwrap_or_default();
    last.strip_prefix('v').is_some_and(|version| version.parse::<u32>().is_ok())
}

/// A reader of what never happens would wait for ever.
fn check(kind: &str, known: &Catalogue) -> Result<()> {
    let within = |declared: &str| declared.strip_prefix(kind).is_some_and(|rest| rest.starts_with('.'));
    let all: Vec<_> = known.iter().map(|declared| declared.kind).collect();
    if all.iter().any(|declared| *declared == kind || (!is_whole(kind) && within(declared))) {
        return Ok(());
    }
    let first = |kind: &'static str| kind.split('.').next().unwrap_or_default();
    let near = |name: &&'static str| kind.starts_with(first(name)) || first(name).starts_with(kind);
    let mut named: BTreeSet<_> = all.iter().copied().filter(near).collect();
    if named.is_empty() {
        named = all.iter().map(|name| first(name)).collect();
    }
    let named = named.into_iter().collect::<Vec<_>>().join(", ");
    let detail = format!("no event is of the kind {kind}; there are {named}");
    Err(Error::field("invalid_setting", "--kinds", detail))
}
