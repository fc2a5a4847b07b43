//! A Markdown file as a skill: what it is called, what problem it is for, and the SOP.
//!
//! Front matter, if there is any, says the name and the description; of YAML no more is read than that needs
//! (`key: value`, quoted or over several lines). Else the first heading is the name and the first
//! paragraph the description.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::skills::{MAX_NAME, MAX_PROBLEM};

#[derive(Debug, PartialEq)]
pub struct Document {
    pub name: String,
    pub problem_description: String,
    pub sop: String,
}

/// Reads a file; `path` gives the name if nothing else does.
pub fn read(path: &str, text: &str) -> Document {
    let text = text.trim_start_matches('\u{feff}');
    let (matter, body) = split_front_matter(text);
    let (heading, paragraph) = first_heading_and_paragraph(body);
    let pick =
        |keys: &[&str]| keys.iter().find_map(|key| matter.get(*key)).filter(|text| !text.is_empty()).cloned();
    let name = pick(&["name", "title"]).or(heading).unwrap_or_else(|| name_of(path));
    let problem = pick(&["description"]).or(paragraph).unwrap_or_else(|| name.clone());
    let cut = |text: &str, limit: usize| text.trim().chars().take(limit).collect::<String>();
    Document {
        name: cut(&name, MAX_NAME),
        problem_description: cut(&problem, MAX_PROBLEM),
        sop: body.to_owned(),
    }
}

/// `runbooks/disk-full.md` is `disk full`; `SKILL.md` is called after its folder.
fn name_of(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let folder = parts.next().filter(|_| stem.eq_ignore_ascii_case("skill"));
    folder.unwrap_or(stem).replace(['-', '_'], " ")
}

/// The fields between two lines of `---`, and what follows.
fn split_front_matter(text: &str) -> (BTreeMap<String, String>, &str) {
    let none = || (BTreeMap::new(), text);
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else {
        return none();
    };
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let body = rest[length + line.len()..].trim_start_matches(['\r', '\n']);
            return (fields(&rest[..length]), body);
        }
        length += line.len();
    }
    none()
}

/// Top-level `key: value` pairs; lines that are indented go on with the value before.
fn fields(matter: &str) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut current: Option<(String, Vec<&str>)> = None;
    let mut close = |current: Option<(String, Vec<&str>)>| {
        if let Some((key, lines)) = current {
            fields.insert(key, scalar(&lines));
        }
    };
    for line in matter.lines() {
        let indented = line.starts_with([' ', '\t']) || line.trim().is_empty();
        match (indented, line.split_once(':')) {
            (true, _) => {
                if let Some((_, lines)) = &mut current {
                    lines.push(line.trim());
                }
            }
            (false, Some((key, value))) if !line.starts_with('#') => {
                close(current.take());
                current = Some((key.trim().to_ascii_lowercase(), vec![value.trim()]));
            }
            (false, _) => close(current.take()),
        }
    }
    close(current);
    fields
}

/// A value from its lines: block (`>` folded, `|` literal), quoted or plain.
fn scalar(lines: &[&str]) -> String {
    let (first, rest) = lines.split_first().map_or(("", [].as_slice()), |(first, rest)| (*first, rest));
    if first.starts_with('|') {
        return rest.join("\n").trim().to_owned();
    }
    if first.starts_with('>') {
        return rest.join(" ").trim().to_owned();
    }
    let text = lines.join(" ");
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('\'') {
        return single_quoted(inner);
    }
    if text.starts_with('"') {
        // a YAML string in double quotes is a JSON string but for rare escapes
        let mut read = serde_json::Deserializer::from_str(text).into_iter::<String>();
        return read.next().and_then(Result::ok).unwrap_or_else(|| text.trim_matches('"').to_owned());
    }
    // a comment ends a plain value
    text.split_once(" #").map_or(text, |(value, _)| value).trim().to_owned()
}

/// Up to the closing quote; a doubled quote stands for itself.
fn single_quoted(inner: &str) -> String {
    let mut text = String::new();
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\'' && characters.next_if_eq(&'\'').is_none() {
            break;
        }
        text.push(c);
    }
    text
}

fn first_heading_and_paragraph(body: &str) -> (Option<String>, Option<String>) {
    let (mut heading, mut paragraph) = (None, None);
    let mut collecting: Option<String> = None;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Paragraph) => collecting = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => heading = heading.or(collecting.take()),
            Event::End(TagEnd::Paragraph) => paragraph = paragraph.or(collecting.take()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(collected) = &mut collecting {
                    collected.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(collected) = &mut collecting {
                    collected.push(' ');
                }
            }
            _ => {}
        }
        if heading.is_some() && paragraph.is_some() {
            break;
        }
    }
    (heading, paragraph)
}
