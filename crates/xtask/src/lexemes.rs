//! The names and texts of a source, in its order: no comments, no tests, and of `concat!` what it makes.

use proc_macro2::{TokenStream, TokenTree};
use xtask::product;

/// Something that a source says, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexeme {
    pub line: usize,
    pub is: Is,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Is {
    Name(String),
    /// `alerts` of `alerts::Alert` and of `use alerts`.
    Root(String),
    Text(String),
    /// What is given to a macro, such as `events!`.
    Macro(String, Vec<Lexeme>),
}

/// Reads the product's part of a source. What is no Rust says nothing; the compiler refuses it.
pub fn of(source: &str) -> Vec<Lexeme> {
    let tokens = source.parse().unwrap_or_default();
    let mut found = Vec::new();
    read(product::code(tokens, &mut Vec::new()), &mut found);
    found
}

fn read(tokens: TokenStream, found: &mut Vec<Lexeme>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let sign =
        |at: usize, c: char| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Ident(name) => {
                let given = match trees.get(at + 2) {
                    Some(TokenTree::Group(group)) if sign(at + 1, '!') => Some(group),
                    _ => None,
                };
                let name = name.to_string();
                if let Some(group) = given {
                    let mut inner = Vec::new();
                    read(group.stream(), &mut inner);
                    found.push(Lexeme { line, is: of_macro(name, inner) });
                    at += 3;
                    continue;
                }
                let behind = at >= 2 && sign(at - 1, ':') && sign(at - 2, ':');
                let used = at >= 1 && ["use", "crate"].contains(&trees[at - 1].to_string().as_str());
                let root = used || sign(at + 1, ':') && sign(at + 2, ':') && !behind;
                found.push(Lexeme { line, is: if root { Is::Root(name) } else { Is::Name(name) } });
            }
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::Literal(literal.clone()).into()) {
                    found.push(Lexeme { line, is: Is::Text(text.value()) });
                }
            }
            TokenTree::Group(group) if documents(&group.stream()) => {}
            TokenTree::Group(group) => read(group.stream(), found),
            TokenTree::Punct(_) => {}
        }
        at += 1;
    }
}

/// `[doc = "…"]`, which is how a comment is read that documents something.
fn documents(tokens: &TokenStream) -> bool {
    let trees: Vec<String> = tokens.clone().into_iter().take(2).map(|tree| tree.to_string()).collect();
    trees == ["doc", "="]
}

fn of_macro(name: String, inner: Vec<Lexeme>) -> Is {
    let text = |lexeme: &Lexeme| match &lexeme.is {
        Is::Text(text) => Some(text.clone()),
        _ => None,
    };
    match inner.iter().map(text).collect::<Option<Vec<_>>>() {
        Some(texts) if name == "concat" => Is::Text(texts.concat()),
        _ => Is::Macro(name, inner),
    }
}
