//! The values that a sentence asserts, and whether they occur in evidence.
//!
//! A value is a quotation (`"…"`, “…”, or code in backticks) or a number that stands by itself, with or without a
//! unit. Names that hold digits (`api-7`, `v2.3`), dates and times are no values unless they are quoted.
//! A number is found when the evidence holds one that rounds to it, or a list of that length.

use std::fmt;

use serde_json::Value;

/// What may follow a number without a space.
const UNITS: [&str; 26] = [
    "", "%", "x", "s", "ms", "us", "m", "min", "h", "d", "b", "k", "g", "t", "kb", "mb", "gb", "tb", "ki",
    "mi", "gi", "ti", "kib", "mib", "gib", "tib",
];

/// Something a sentence says literally.
#[derive(Clone, Debug, PartialEq)]
pub enum Asserted {
    Quotation(String),
    Number { text: String, value: f64, decimals: u32 },
}

impl fmt::Display for Asserted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quotation(text) => write!(out, "\"{text}\""),
            Self::Number { text, .. } => out.write_str(text),
        }
    }
}

/// What steps brought to light, prepared for looking things up.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Lower case, white space collapsed.
    text: String,
    numbers: Vec<f64>,
}

impl Evidence {
    /// Adds a value with all that is inside it.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.add_text(if *flag { "true" } else { "false" }),
            Value::Number(number) => {
                self.numbers.extend(number.as_f64().map(f64::abs));
                self.add_text(&number.to_string());
            }
            Value::String(text) => {
                self.numbers.extend(numbers_in(text));
                self.add_text(text);
            }
            Value::Array(items) => {
                self.numbers.push(items.len() as f64);
                items.iter().for_each(|item| self.add(item));
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.add_text(name);
                    self.add(field);
                }
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        self.text.push_str(&normalized(text));
        self.text.push('\n');
    }

    pub fn holds(&self, asserted: &Asserted) -> bool {
        match asserted {
            Asserted::Quotation(text) => self.text.contains(&normalized(text)),
            Asserted::Number { text, value, decimals } => {
                let scale = 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
                let rounds_to =
                    |number: f64| ((number * scale).round() - (value * scale).round()).abs() < 0.5;
                let share = text.ends_with('%');
                self.numbers.iter().any(|number| rounds_to(*number) || (share && rounds_to(number * 100.0)))
            }
        }
    }
}

fn normalized(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every number in a text from outside, also those inside names: on this side nothing is asserted.
fn numbers_in(text: &str) -> Vec<f64> {
    let digits = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let pieces = text.split(|c| !digits(c)).flat_map(|piece| {
        let plain = piece.trim_matches(['.', ',']);
        [
            plain.replace(',', "").parse().ok(),
            plain.split(['.', ',']).next().and_then(|head| head.parse().ok()),
        ]
    });
    pieces.flatten().collect()
}

/// What a sentence asserts.
pub fn values_of(sentence: &str) -> Vec<Asserted> {
    let (mut values, rest) = quotations(sentence);
    // "step 3", "steps 3 and 4", "[3]" cite; they assert nothing
    let mut citing = false;
    let mut inside_brackets = false;
    for word in rest.split_whitespace() {
        inside_brackets |= word.starts_with('[');
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
        let number = number(plain);
        citing = match plain.to_lowercase().as_str() {
            "step" | "steps" => true,
            "and" | "to" | "or" | "" => citing,
            _ => citing && number.is_some(),
        };
        if !citing && !inside_brackets {
            values.extend(number);
        }
        inside_brackets &= !word.contains(']');
    }
    values
}

/// The quotations of a sentence, and the sentence without them.
fn quotations(sentence: &str) -> (Vec<Asserted>, String) {
    let (mut quotations, mut rest, mut tail) = (Vec::new(), String::new(), sentence);
    while let Some((at, open)) = tail.char_indices().find(|(_, c)| matches!(c, '"' | '“' | '`')) {
        let close = if open == '“' { '”' } else { open };
        let (before, quoted) = (&tail[..at], &tail[at + open.len_utf8()..]);
        rest.push_str(before);
        rest.push(' ');
        let Some(end) = quoted.find(close) else {
            tail = quoted;
            continue;
        };
        if !quoted[..end].trim().is_empty() {
            quotations.push(Asserted::Quotation(quoted[..end].to_owned()));
        }
        tail = &quoted[end + close.len_utf8()..];
    }
    rest.push_str(tail);
    (quotations, rest)
}

/// A word that is a number: `7`, `1,024`, `93.5%`, `512Mi`.
fn number(word: &str) -> Option<Asserted> {
    let end = word.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(word.len());
    let (digits, unit) = word.split_at(end);
    if !UNITS.contains(&unit.to_lowercase().as_str()) || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let plain = digits.replace(',', "");
    let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let value = plain.parse().ok()?;
    Some(Asserted::Number { text: word.to_owned(), value, decimals: u32::try_from(decimals).ok()? })
}
