//! What domains declare: ids, permissions, events, tables, and themselves. Whoever else says one of these names knows the domain.

use std::collections::BTreeSet;

use super::{
    lexemes::{self, Is, Lexeme},
    owners::{Owners, crate_of},
};

/// Crates that know no domain.
pub const MACHINE: [&str; 2] = ["kernel", "platform"];
/// Crates that put the product together, or are for developers.
const ABOVE: [&str; 3] = ["server", "testkit", "xtask"];
/// Organizations and their people are what the machine works for, so it has words for them.
const WORKED_FOR: &str = "tenancy";

#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Crates that the machine must not use.
    pub crates: BTreeSet<String>,
    /// Types: ids, permissions, events.
    pub types: BTreeSet<String>,
    /// Texts: permissions, kinds of events, what events are about, ways to tell people.
    pub texts: BTreeSet<String>,
    pub tables: BTreeSet<String>,
    /// What the machine calls parts of its own.
    own: BTreeSet<String>,
}

impl Vocabulary {
    /// What the sources of all crates declare.
    pub fn of(sources: &[(String, String)], owners: &Owners) -> Self {
        let mut known = Self::default();
        for (file, text) in sources {
            let name = crate_of(file);
            if MACHINE.contains(&name) {
                known.own.extend(module(file).map(String::from));
            }
            if MACHINE.contains(&name) || ABOVE.contains(&name) {
                continue;
            }
            known.crates.insert(name.to_owned());
            known.tables.extend(owners.of(name).filter(|_| name != WORKED_FOR).map(String::from));
            known.texts.extend(channel(file).map(String::from));
            known.declared(&lexemes::of(text), name);
        }
        known
    }

    /// Whether a path begins in a domain's crate.
    pub fn has_crate(&self, root: &str) -> bool {
        self.crates.contains(root) && !self.own.contains(root)
    }

    /// Whether a text alone is a domain's: its permission, event, thing or table.
    pub fn has(&self, text: &str) -> bool {
        self.tables.contains(text) || self.texts.contains(text) && !self.own.contains(text)
    }

    fn declared(&mut self, lexemes: &[Lexeme], of: &str) {
        for lexeme in lexemes {
            let Is::Macro(name, given) = &lexeme.is else { continue };
            for lexeme in given {
                match &lexeme.is {
                    Is::Name(id) if name == "ids" => {
                        self.types.insert(id.clone());
                    }
                    Is::Text(text) if ["permissions", "events"].contains(&name.as_str()) => {
                        self.text(text, of)
                    }
                    _ => {}
                }
            }
        }
    }

    /// `runs:read` is of the type `RunsRead`, and `run.failed.v1` of `RunFailed`.
    fn text(&mut self, text: &str, of: &str) {
        let named = text.rsplit_once(".v").map_or(text, |(named, _)| named);
        if named.contains(['.', ':']) {
            let parts = named.split(|c: char| !c.is_ascii_alphanumeric());
            self.types.insert(parts.map(capital).collect());
        } else if of == WORKED_FOR {
            return;
        }
        self.texts.insert(text.to_owned());
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + rest
}

/// `memory` of `crates/platform/src/hot/memory.rs`; what stands beside `lib.rs` has a name that domains may have.
fn module(file: &str) -> Option<&str> {
    let (_, path) = file.split_once("/src/")?;
    let (_, name) = path.rsplit_once('/')?;
    name.strip_suffix(".rs")
}

/// `slack` of `crates/notify/src/channels/slack_bot/mod.rs`.
fn channel(file: &str) -> Option<&str> {
    let (_, rest) = file.split_once("/src/channels/")?;
    let (folder, _) = rest.split_once('/')?;
    folder.split('_').next()
}
