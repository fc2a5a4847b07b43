//! What expressions may not do, so that none of them makes much out of little: memory has no limit of its own.
//!
//! There are no statements, so nothing is repeated and no value is used twice under a new name. A `*` takes numbers only:
//! the one on its right is written out, and what is on its left is negated twice on the way, which a text and a list
//! refuse. The filters that are left take from what they are given, or say how much they may make of it.

use minijinja::{
    Environment, Error, ErrorKind, State, Value,
    value::{Kwargs, ValueKind},
};

/// Bytes of an expression or a template.
const MAX_SOURCE: usize = 16 * 1024;
/// Places in one source where values are put together.
const MAX_JOINTS: usize = 64;
/// Bytes of a text that a filter makes.
const MAX_TEXT: usize = 256 * 1024;

/// The source of an expression as it is compiled; fails with what it may not do.
pub fn expression(source: &str) -> Result<String, String> {
    let mut guarded = Guarded::new(source)?;
    guarded.code(source, false)?;
    Ok(guarded.output)
}

/// The source of a template as it is compiled; fails with what it may not do.
pub fn template(source: &str) -> Result<String, String> {
    let mut guarded = Guarded::new(source)?;
    let mut rest = source;
    while let Some(at) = rest.find('{') {
        let (text, marked) = rest.split_at(at);
        guarded.output.push_str(text);
        if marked.starts_with("{%") {
            return Err("statements (`{% … %}`) are not supported; use `{{ … }}`".into());
        } else if marked.starts_with("{#") {
            rest = marked.split_once("#}").ok_or("a comment `{#` does not end")?.1;
        } else if let Some(code) = marked.strip_prefix("{{") {
            guarded.output.push_str("{{");
            rest = &code[guarded.code(code, true)?..];
        } else {
            guarded.output.push('{');
            rest = &marked[1..];
        }
    }
    guarded.output.push_str(rest);
    Ok(guarded.output)
}

struct Guarded {
    output: String,
    joints: usize,
}

impl Guarded {
    fn new(source: &str) -> Result<Self, String> {
        if source.len() > MAX_SOURCE {
            return Err(format!("it is longer than {MAX_SOURCE} bytes"));
        }
        Ok(Self { output: String::new(), joints: 0 })
    }

    /// Takes code over; within a template until its end. Answers where that is.
    fn code(&mut self, code: &str, in_template: bool) -> Result<usize, String> {
        let (mut open, mut at) = (0_isize, 0);
        while let Some(c) = code[at..].chars().next() {
            let rest = &code[at..];
            let length = match c {
                '\'' | '"' => string(rest),
                '}' if in_template && open == 0 && rest.starts_with("}}") => {
                    self.output.push_str("}}");
                    return Ok(at + 2);
                }
                '*' if rest.starts_with("**") => 2,
                '*' => {
                    multiplies(&rest[1..])?;
                    self.output.push_str("* -1 * -1 ");
                    1
                }
                c => c.len_utf8(),
            };
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open -= 1,
                '~' | '+' | ',' => self.joints += 1,
                _ => {}
            }
            self.output.push_str(&rest[..length]);
            at += length;
        }
        if self.joints > MAX_JOINTS {
            return Err(format!("it puts more than {MAX_JOINTS} values together"));
        }
        Ok(at)
    }
}

/// Bytes of the literal that it begins with.
fn string(code: &str) -> usize {
    let bytes = code.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != bytes[0] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let mut end = (at + 1).min(bytes.len());
    while !code.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// Whether a number is written there, and is taken as it is.
fn multiplies(right: &str) -> Result<(), String> {
    let number = right.trim_start();
    let after =
        number.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_')).trim_start();
    if !number.starts_with(|c: char| c.is_ascii_digit()) || after.starts_with('|') {
        return Err("`*` takes a number on its right, such as `value * 100`".into());
    }
    Ok(())
}

/// Takes away what makes much out of little.
pub fn limit(environment: &mut Environment<'_>) {
    for function in ["debug", "range", "dict", "namespace"] {
        environment.remove_global(function);
    }
    for filter in ["batch", "slice", "indent", "chain", "zip", "pprint", "format", "safe", "escape", "e"] {
        environment.remove_filter(filter);
    }
    environment.add_filter("replace", replace);
    environment.add_filter("join", join);
    environment.add_filter("tojson", to_json);
    environment.add_filter("map", map);
}

fn refused(detail: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

fn bounded(text: String) -> Result<String, Error> {
    if text.len() > MAX_TEXT { Err(refused("the text is too long")) } else { Ok(text) }
}

fn replace(text: &str, from: &str, to: &str) -> Result<String, Error> {
    let found = text.matches(from).count();
    if found.saturating_mul(to.len()).saturating_add(text.len()) > MAX_TEXT {
        return Err(refused("the text is too long"));
    }
    Ok(text.replace(from, to))
}

fn join(values: &Value, joiner: Option<&str>) -> Result<String, Error> {
    let mut text = String::new();
    for (at, value) in values.try_iter()?.enumerate() {
        if at > 0 {
            text.push_str(joiner.unwrap_or_default());
        }
        text.push_str(&value.to_string());
        text = bounded(text)?;
    }
    Ok(text)
}

fn to_json(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    let text = serde_json::to_string(value).map_err(|_| refused("it cannot be written as JSON"))?;
    bounded(text)
}

/// `map('upper')` or `map(attribute='a.b')`.
fn map(state: &mut State, values: &Value, filter: Option<&str>, named: Kwargs) -> Result<Vec<Value>, Error> {
    let attribute: Option<&str> = named.get("attribute")?;
    named.assert_all_used()?;
    let one = |value: Value| match (filter, attribute) {
        (Some(filter), None) => state.apply_filter(filter, &[value]),
        (None, Some(path)) => path.split('.').try_fold(value, |value, name| match name.parse::<usize>() {
            Ok(at) if value.kind() == ValueKind::Seq => value.get_item_by_index(at),
            _ => value.get_attr(name),
        }),
        _ => Err(refused("map takes the name of a filter, or an attribute")),
    };
    values.try_iter()?.map(one).collect()
}
