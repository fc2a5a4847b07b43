//! What one list item says to the server, if anything.
//!
//! Only an exact shape counts, such as the word `run`, a colon and a call in code marks. `Run: kubectl get
//! pods` and "- expect: trouble" are prose and remain so.

use super::{Verdict, call};

/// What a list item says.
#[derive(Clone, Debug, PartialEq)]
pub enum Directive {
    /// `run: `call` as `name``
    Run { call: String, name: Option<String> },
    /// `when: `expression``
    When(String),
    /// `expect: `expression``
    Expect(String),
    /// `real if `expression`: "summary"`, or `otherwise`; the verdict may be a word that is none.
    Rule { verdict: Result<Verdict, String>, condition: Option<String>, summary: Option<String> },
    /// `cause: "text" [step, …]` and the like: a word that may belong to a rule.
    Text { word: String, text: String, cited: Option<Vec<String>> },
    /// A word, a colon and code, which may be one of the above misspelt.
    Code { word: String, code: String },
}

/// Reads the text of a list item. None: prose.
pub fn read(text: &str) -> Option<Directive> {
    let text = unwrap_lines(text);
    let unchecked = ["[ ] ", "[x] ", "[X] "].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(&text);
    let plain = unchecked.trim_start_matches(['*', '_']);
    read_rule(plain).or_else(|| read_labelled(plain))
}

/// Line breaks inside a paragraph are spaces.
fn unwrap_lines(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn read_labelled(text: &str) -> Option<Directive> {
    let (word, rest) = call::identifier(text)?;
    let rest =
        rest.trim_start_matches(['*', '_']).strip_prefix(':')?.trim_start_matches(['*', '_']).trim_start();
    let word = word.to_ascii_lowercase();
    if let Some((code, rest)) = code_span(rest) {
        return Some(match word.as_str() {
            "run" => {
                let name = result_name(rest);
                if !call::looks_like_call(&code) && name.is_none() {
                    return None;
                }
                Directive::Run { call: code, name }
            }
            "when" => Directive::When(code),
            "expect" => Directive::Expect(code),
            _ => Directive::Code { word, code },
        });
    }
    let (text, rest) = quotation(rest)?;
    Some(Directive::Text { word, text, cited: citations(rest) })
}

fn read_rule(text: &str) -> Option<Directive> {
    let words = text.split(['`', '"', '“', ':']).next()?;
    let lower = words.to_ascii_lowercase();
    let lower = lower.trim_end_matches([' ', '*', '_']);
    let (verdict, rest, condition) = if let Some(verdict) = lower.strip_suffix(" if") {
        let (code, rest) = code_span(&text[words.len()..])?;
        (verdict, rest.to_owned(), Some(code))
    } else {
        (lower.strip_suffix(" otherwise")?, text[words.len()..].to_owned(), None)
    };
    let verdict = verdict.trim_matches(['*', '_', ' ']).replace('-', " ");
    if verdict.split_whitespace().count() > 3 {
        return None;
    }
    let summary = rest.trim_start_matches(['*', '_']).trim_start().strip_prefix(':')?;
    let summary = quotation(summary.trim_start_matches(['*', '_']).trim_start()).map(|(text, _)| text);
    let verdict = match verdict.as_str() {
        "real" => Ok(Verdict::Real),
        "false positive" => Ok(Verdict::FalsePositive),
        "undetermined" => Ok(Verdict::Undetermined),
        _ => Err(verdict),
    };
    Some(Directive::Rule { verdict, condition, summary })
}

/// Code between equally many backticks (CommonMark 6.1), and what follows.
fn code_span(text: &str) -> Option<(String, &str)> {
    let marks = text.len() - text.trim_start_matches('`').len();
    if marks == 0 {
        return None;
    }
    let mut at = marks;
    loop {
        let end = at + text.get(at..)?.find('`')?;
        let run = text[end..].len() - text[end..].trim_start_matches('`').len();
        if run == marks {
            return Some((text[marks..end].trim().to_owned(), &text[end + run..]));
        }
        at = end + run;
    }
}

/// The name in ` as `name``.
fn result_name(rest: &str) -> Option<String> {
    let (name, _) = code_span(rest.trim_start().strip_prefix("as ")?.trim_start())?;
    Some(name)
}

/// Text in double quotes, straight or curly, and what follows. Quotes inside `{{ … }}` do not end it.
fn quotation(text: &str) -> Option<(String, &str)> {
    let mut characters = text.char_indices();
    if !matches!(characters.next(), Some((_, '"' | '“'))) {
        return None;
    }
    let (mut inside, mut braces) = (String::new(), 0_usize);
    while let Some((at, c)) = characters.next() {
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("{%") {
            braces += 1;
        } else if rest.starts_with("}}") || rest.starts_with("%}") {
            braces = braces.saturating_sub(1);
        }
        match c {
            '\\' if braces == 0 && rest[1..].starts_with('"') => {
                characters.next();
                inside.push('"');
            }
            '"' | '”' | '“' if braces == 0 => return Some((inside, &rest[c.len_utf8()..])),
            c => inside.push(c),
        }
    }
    None
}

/// The names in ` [a, b]`.
fn citations(rest: &str) -> Option<Vec<String>> {
    let (names, _) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
    Some(names.split(',').map(|name| name.trim_matches(['`', ' ']).to_owned()).collect())
}

/// The known word that was probably meant: a letter or two away.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let reach = match word.len() {
        0..=4 => 1,
        5..=20 => 2,
        _ => return None,
    };
    let near = known.iter().map(|k| (distance(word, k), *k)).filter(|(d, _)| (1..=reach).contains(d));
    near.min().map(|(_, k)| k)
}

/// Edits between two words; two swapped letters are one edit (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut least = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}
