//! From Markdown to an [`Sop`], with every complaint at its line.
//!
//! A step is the list item a `run` stands in, or the section if it stands in none. `when` guards every
//! call of its step; `expect` is about the call above it. Where a step calls nothing, `when` and `expect`
//! are prose.

use std::collections::{BTreeSet, HashMap};

use super::{
    ALERT, ClaimTemplate, Rule, Sop, SopError, SopStep, Verdict, call,
    directive::{self, Directive, nearest},
    evaluate::AlertFacts,
    markdown::{self, Item, Outline},
    names,
    template::{Expression, Template},
};

/// What a `when` or an `expect` belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Item(usize),
    Section(Option<usize>),
}

struct Reader<'a> {
    outline: &'a Outline<'a>,
    directives: Vec<Option<Directive>>,
    sop: Sop,
    /// The place of each step, and the item of its `run`.
    places: Vec<(Place, usize)>,
    errors: Vec<SopError>,
}

/// Reads an SOP. Fails with everything that is wrong with it, in the order of its lines.
pub fn parse(text: &str) -> Result<Sop, Vec<SopError>> {
    let outline = markdown::outline(text);
    let directives = outline.items.iter().map(|item| directive::read(item.text)).collect();
    let mut reader =
        Reader { outline: &outline, directives, sop: Sop::default(), places: Vec::new(), errors: Vec::new() };
    reader.read_steps();
    reader.read_conditions();
    reader.read_rules();
    let Reader { sop, mut errors, .. } = reader;
    errors.extend(names::check(&sop));
    errors.sort_by_key(|error| error.line);
    if errors.is_empty() { Ok(sop) } else { Err(errors) }
}

impl Reader<'_> {
    fn complain(&mut self, line: usize, detail: impl Into<String>) {
        self.errors.push(SopError { line, detail: detail.into() });
    }

    /// The result, or a complaint.
    fn accept<T>(&mut self, line: usize, result: Result<T, String>) -> Option<T> {
        result.map_err(|detail| self.complain(line, detail)).ok()
    }

    fn place(&self, item: usize) -> Place {
        let Item { parent, heading, .. } = &self.outline.items[item];
        parent.map_or(Place::Section(*heading), Place::Item)
    }

    fn read_steps(&mut self) {
        for at in 0..self.directives.len() {
            let line = self.outline.items[at].line;
            match &self.directives[at] {
                Some(Directive::Run { call, name }) => {
                    let (called, name) = (call::parse(call), name.clone());
                    if let Some(call) = self.accept(line, called) {
                        self.add_step(at, call, name);
                    }
                }
                Some(Directive::Code { word, code }) if call::looks_like_call(code) => {
                    if let Some(known) = nearest(word, &["run"]) {
                        let detail = format!("`{word}` is not a word an SOP knows; did you mean `{known}`?");
                        self.complain(line, detail);
                    }
                }
                _ => {}
            }
        }
    }

    fn add_step(&mut self, at: usize, call: call::Call, name: Option<String>) {
        let line = self.outline.items[at].line;
        let name = name.unwrap_or_else(|| call.tool.clone());
        if !matches!(call::identifier(&name), Some((_, ""))) {
            self.complain(line, format!("`{name}` cannot be a name: use letters, digits and `_`"));
        } else if name == ALERT || AlertFacts::FIELDS.contains(&name.as_str()) {
            self.complain(line, format!("`{name}` is a field of the alert; give the result another name"));
        } else if let Some(earlier) = self.sop.steps.iter().find(|step| step.name == name) {
            let detail =
                format!("the result `{name}` is already that of line {}; add as `other_name`", earlier.line);
            self.complain(line, detail);
        }
        let place = self.place(at);
        let label = self.label(place).unwrap_or_else(|| call.tool.clone());
        self.places.push((place, at));
        let (tool, arguments) = (call.tool, call.arguments);
        self.sop.steps.push(SopStep { line, label, name, tool, arguments, when: None, expect: None });
    }

    /// What people call a step: what is in bold at its start, or else its first sentence.
    fn label(&self, place: Place) -> Option<String> {
        let text = match place {
            Place::Item(item) => self.outline.items[item].text,
            Place::Section(heading) => self.outline.headings[heading?],
        };
        let bold = text.strip_prefix("**").and_then(|rest| Some(rest.split_once("**")?.0));
        let sentence = bold.unwrap_or_else(|| {
            let end = text.find(". ").or_else(|| text.find('\n')).unwrap_or(text.len());
            &text[..end]
        });
        let plain: String = sentence.chars().filter(|c| !matches!(c, '*' | '`' | '#')).take(120).collect();
        let label = plain.trim().trim_end_matches(['.', ':']);
        (!label.is_empty()).then(|| label.to_owned())
    }

    fn read_conditions(&mut self) {
        let mut guarded: HashMap<Place, usize> = HashMap::new();
        for at in 0..self.directives.len() {
            let line = self.outline.items[at].line;
            let Some(directive) = &self.directives[at] else { continue };
            let steps = self.steps_of(at);
            if steps.is_empty() {
                continue;
            }
            match directive {
                Directive::When(source) => {
                    let parsed = Expression::parse(source);
                    if let Some(first) = guarded.insert(self.place(at), line) {
                        let detail =
                            format!("the step has a `when` on line {first} already; join them with `and`");
                        self.complain(line, detail);
                    } else if let Some(when) = self.accept(line, parsed) {
                        steps.into_iter().for_each(|step| self.sop.steps[step].when = Some(when.clone()));
                    }
                }
                Directive::Expect(source) => {
                    let parsed = Expression::parse(source);
                    let above =
                        steps.iter().rev().find(|step| self.places[**step].1 < at).or(steps.first()).copied();
                    let expect = self.accept(line, parsed);
                    let Some(step) = above.map(|step| &mut self.sop.steps[step]) else { continue };
                    if step.expect.is_some() {
                        self.complain(line, "the call has an `expect` already; join them with `and`");
                    } else {
                        step.expect = expect;
                    }
                }
                Directive::Code { word, code } if !call::looks_like_call(code) => {
                    if let Some(known) = nearest(word, &["when", "expect"]) {
                        let detail = format!("`{word}` is not a word an SOP knows; did you mean `{known}`?");
                        self.complain(line, detail);
                    }
                }
                _ => {}
            }
        }
    }

    /// The steps that a condition in this item is about.
    fn steps_of(&self, at: usize) -> Vec<usize> {
        let (place, parent) = (self.place(at), self.outline.items[at].parent);
        let nested = self.places.iter().position(|(_, run)| Some(*run) == parent);
        nested.map_or_else(
            || (0..self.places.len()).filter(|step| self.places[*step].0 == place).collect(),
            |step| vec![step],
        )
    }

    fn read_rules(&mut self) {
        let rule_lists: BTreeSet<usize> = (0..self.directives.len())
            .filter(|at| matches!(self.directives[*at], Some(Directive::Rule { verdict: Ok(_), .. })))
            .map(|at| self.outline.items[at].list)
            .collect();
        for at in 0..self.directives.len() {
            let Some(Directive::Rule { verdict, condition, summary }) = self.directives[at].clone() else {
                continue;
            };
            let Item { line, list, .. } = self.outline.items[at];
            match verdict {
                Ok(verdict) => {
                    let rule = self.read_rule(at, verdict, condition, summary);
                    self.sop.rules.extend(rule);
                }
                Err(word) => {
                    let near = nearest(&word, &["real", "false positive", "undetermined"]);
                    if near.is_some() || rule_lists.contains(&list) {
                        let hint = near.map_or(String::new(), |known| format!("; did you mean `{known}`?"));
                        let known = "a verdict is `real`, `false positive` or `undetermined`";
                        self.complain(line, format!("`{word}` is not a verdict: {known}{hint}"));
                    }
                }
            }
        }
    }

    fn read_rule(
        &mut self,
        at: usize,
        verdict: Verdict,
        condition: Option<String>,
        summary: Option<String>,
    ) -> Option<Rule> {
        let line = self.outline.items[at].line;
        let condition = match condition {
            Some(source) => Some(self.accept(line, Expression::parse(&source))?),
            None => None,
        };
        let summary =
            summary.ok_or_else(|| "the rule needs a summary in double quotes after the colon".to_owned());
        let summary = self.accept(line, summary.and_then(|text| Template::parse(&text)))?;
        let mut rule =
            Rule { line, verdict, condition, summary, cause: None, claims: Vec::new(), actions: Vec::new() };
        for child in at + 1..self.directives.len() {
            if self.outline.items[child].parent == Some(at) {
                self.read_rule_part(&mut rule, child);
            }
        }
        Some(rule)
    }

    fn read_rule_part(&mut self, rule: &mut Rule, at: usize) {
        const PARTS: [&str; 3] = ["cause", "because", "do"];
        let line = self.outline.items[at].line;
        let Some(Directive::Text { word, text, cited }) = self.directives[at].clone() else { return };
        if !PARTS.contains(&word.as_str()) {
            if let Some(known) = nearest(&word, &PARTS) {
                self.complain(line, format!("`{word}` is not a part of a rule; did you mean `{known}`?"));
            }
            return;
        }
        let Some(text) = self.accept(line, Template::parse(&text)) else { return };
        match word.as_str() {
            "do" => rule.actions.push(text),
            "because" => {
                let steps = cited.unwrap_or_else(|| self.cited_by(&text));
                if steps.is_empty() {
                    self.complain(line, "a claim rests on a step: use its result, or name it: [name]");
                }
                rule.claims.push(ClaimTemplate { line, text, steps });
            }
            _ if rule.cause.is_some() => self.complain(line, "the rule has a `cause` already"),
            _ => rule.cause = Some(text),
        }
    }

    /// A claim rests on what it quotes.
    fn cited_by(&self, text: &Template) -> Vec<String> {
        let steps = self.sop.steps.iter().map(|step| &step.name).filter(|name| text.names.contains(*name));
        let mut cited: Vec<String> = steps.cloned().collect();
        if text.names.iter().any(|name| AlertFacts::FIELDS.contains(&name.as_str())) {
            cited.push(ALERT.to_owned());
        }
        cited
    }
}
