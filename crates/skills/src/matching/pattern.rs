//! The pattern of a binding: a regular expression between slashes, or keywords.
//!
//! `/crash.?loop/i` is searched for in each field of the alert; `i` ignores case. Anything else is
//! keywords: all of them must be found, in any of the fields, whatever their case. A keyword is found where
//! a word begins, so that `oom` is in `OOMKilled` and `PodOomKilled` but not in `room`. Keywords that
//! belong together stand in double quotes.

use regex::{Regex, RegexBuilder};

use super::AlertText;

/// Bytes of a compiled expression, which also bounds the time a search takes.
const MAX_SIZE: usize = 256 * 1024;

/// What an alert must look like.
#[derive(Debug)]
pub struct Pattern {
    source: String,
    /// All of them must be found.
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    regex: Regex,
    at_word_start: bool,
}

impl Pattern {
    /// Fails with what is wrong with the pattern.
    pub fn parse(source: &str) -> Result<Self, String> {
        let source = source.trim().to_owned();
        let terms = match source.strip_prefix('/') {
            Some(rest) => vec![expression(rest)?],
            None => keywords(&source)?,
        };
        Ok(Self { source, terms })
    }

    /// Where the alert matches, in words; none if it does not.
    pub fn find(&self, alert: &AlertText) -> Option<String> {
        let fields = alert.fields();
        let mut found: Vec<&str> = Vec::new();
        for term in &self.terms {
            let (name, _) = fields.iter().find(|(_, text)| term.is_in(text))?;
            if !found.contains(&name.as_str()) {
                found.push(name);
            }
        }
        Some(format!("{} matched {}", self.source, found.join(" and ")))
    }
}

impl Term {
    fn is_in(&self, text: &str) -> bool {
        self.regex.find_iter(text).any(|found| !self.at_word_start || begins_word(text, found.start()))
    }
}

fn expression(rest: &str) -> Result<Term, String> {
    let Some((expression, flags)) = rest.rsplit_once('/') else {
        return Err("a regular expression ends with `/`, as in `/crash.?loop/i`".into());
    };
    if expression.is_empty() {
        return Err("the regular expression is empty and would match every alert".into());
    }
    if let Some(flag) = flags.chars().find(|flag| *flag != 'i') {
        return Err(format!("`{flag}` is no flag of a pattern; only `i` is"));
    }
    let regex = build(expression, !flags.is_empty()).map_err(|error| error.to_string())?;
    Ok(Term { regex, at_word_start: false })
}

fn keywords(source: &str) -> Result<Vec<Term>, String> {
    let mut words = Vec::new();
    for (at, part) in source.split('"').enumerate() {
        // every second part stood in quotes
        if at % 2 == 1 { words.push(part) } else { words.extend(part.split_whitespace()) }
    }
    words.retain(|word| !word.trim().is_empty());
    if words.is_empty() {
        return Err("the pattern is empty".into());
    }
    let term = |word: &str| {
        let regex = build(&regex::escape(word.trim()), true).map_err(|error| error.to_string())?;
        Ok(Term { regex, at_word_start: true })
    };
    words.into_iter().map(term).collect()
}

fn build(expression: &str, ignore_case: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(expression)
        .case_insensitive(ignore_case)
        .size_limit(MAX_SIZE)
        .dfa_size_limit(MAX_SIZE)
        .build()
}

/// Does a word begin here? Words are also told apart by their capitals: `PodCrashLooping` has three.
fn begins_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let here = text[at..].chars().next();
    match (before, here) {
        (Some(before), Some(here)) => {
            !before.is_alphanumeric() || (before.is_lowercase() && here.is_uppercase())
        }
        _ => true,
    }
}
