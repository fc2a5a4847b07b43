//! The call of a tool: `query_metrics(expr='up{job="{{ labels.job }}"}', minutes=15, service=labels.app)`.
//!
//! Arguments are named. A quoted one is a template; any other is an expression. Inside quotes a backslash
//! escapes a quote, a backslash, `n` and `t`; before anything else it stands for itself, so that regular
//! expressions need no doubling.

use super::{
    Argument,
    template::{Expression, Template},
};

#[derive(Debug)]
pub struct Call {
    pub tool: String,
    pub arguments: Vec<(String, Argument)>,
}

/// Does it begin as a call does: a name and an opening parenthesis?
pub fn looks_like_call(code: &str) -> bool {
    identifier(code.trim_start()).is_some_and(|(_, rest)| rest.trim_start().starts_with('('))
}

/// Reads a call. Fails with what is wrong with it.
pub fn parse(code: &str) -> Result<Call, String> {
    let Some((tool, rest)) = identifier(code.trim()) else {
        return Err(format!("`{code}` is not a call; write `tool_name(argument=value)`"));
    };
    let Some(rest) = rest.trim_start().strip_prefix('(') else {
        return Err(format!("write `{tool}()` to call the tool `{tool}`"));
    };
    let pieces = split_arguments(rest)?;
    let mut arguments: Vec<(String, Argument)> = Vec::new();
    for piece in pieces {
        let (name, value) = parse_argument(piece.trim())?;
        if arguments.iter().any(|(known, _)| *known == name) {
            return Err(format!("the argument `{name}` is given twice"));
        }
        arguments.push((name, value));
    }
    Ok(Call { tool: tool.to_owned(), arguments })
}

/// A name at the start of the text, and what follows it.
pub fn identifier(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some((name, rest))
}

/// Splits at the commas that are in no bracket and no quotation, up to the parenthesis that closes the call.
fn split_arguments(text: &str) -> Result<Vec<&str>, String> {
    let (mut pieces, mut start, mut open) = (Vec::new(), 0, Vec::new());
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\'' | '"' => skip_quotation(&mut characters, c)?,
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' if open.is_empty() => {
                let rest = text[at + 1..].trim();
                if !rest.is_empty() {
                    return Err(format!("`{rest}` follows the call; one `run` is one call"));
                }
                pieces.push(&text[start..at]);
                if pieces.len() == 1 && pieces[0].trim().is_empty() {
                    pieces.clear();
                }
                return Ok(pieces);
            }
            ')' | ']' | '}' if open.pop() != Some(c) => {
                return Err(format!("`{c}` closes a bracket that was not opened"));
            }
            ',' if open.is_empty() => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    Err("the call is not closed: `)` is missing".into())
}

fn skip_quotation(characters: &mut std::str::CharIndices<'_>, quote: char) -> Result<(), String> {
    while let Some((_, c)) = characters.next() {
        match c {
            '\\' => {
                characters.next();
            }
            c if c == quote => return Ok(()),
            _ => {}
        }
    }
    Err(format!("a quotation is not closed: {quote} is missing"))
}

fn parse_argument(piece: &str) -> Result<(String, Argument), String> {
    let named = identifier(piece).and_then(|(name, rest)| Some((name, rest.trim_start().strip_prefix('=')?)));
    let Some((name, value)) = named.filter(|(_, value)| !value.starts_with('=')) else {
        return Err(if piece.is_empty() {
            "an argument is empty: there is a comma too many".into()
        } else {
            format!("name the argument: `name={piece}`")
        });
    };
    let value = value.trim();
    if value.is_empty() {
        return Err(format!("the argument `{name}` has no value"));
    }
    let argument = match unquote(value) {
        Some(text) => Argument::Text(Template::parse(&text)?),
        None => Argument::Value(Expression::parse(value)?),
    };
    Ok((name.to_owned(), argument))
}

/// What is inside the quotes, if the whole value is one quotation.
fn unquote(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut text = String::new();
    let mut characters = value[1..].chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next()? {
                escaped @ ('\'' | '"' | '\\') => text.push(escaped),
                'n' => text.push('\n'),
                't' => text.push('\t'),
                other => text.extend(['\\', other]),
            },
            c if c == quote => return characters.as_str().is_empty().then_some(text),
            c => text.push(c),
        }
    }
    None
}
