//! Which texts are statements.

use proc_macro2::{Span, TokenStream, TokenTree};

use super::names::plain;

/// Whether a text begins as a statement that can be prepared.
pub fn is_sql(text: &str) -> bool {
    let text = plain(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["select", _, ..] | ["insert", "into", ..] | ["delete", "from", ..] | ["merge", "into", ..] => true,
        ["update", _, rest @ ..] => rest.contains(&"set"),
        ["with", _, rest @ ..] => rest.contains(&"as") && text.contains('('),
        _ => false,
    }
}

/// Whether a text may be the beginning of one.
pub fn begins(text: &str) -> bool {
    is_sql(text) || plain(text).trim() == "select"
}

/// The texts within tokens that are no syntax tree.
pub fn literals(tokens: &TokenStream) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Group(group) => found.extend(literals(&group.stream())),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal.clone()).into()) {
                    found.push((text.value(), literal.span()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether PostgreSQL can prepare a statement.
pub fn is_prepared(text: &str) -> bool {
    let verbs = ["select", "insert", "update", "delete", "merge", "with", "values", "table"];
    let text = plain(text);
    text.split(|c: char| !c.is_ascii_alphabetic())
        .find(|word| !word.is_empty())
        .is_some_and(|verb| verbs.contains(&verb))
}
