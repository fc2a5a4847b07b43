//! The names that a text may be called by where sqlx is given it: variables of the function, constants of the file and of the crate.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use syn::{Expr, Pat, Stmt, spanned::Spanned};

use super::expand::Macros;

/// A text and where it stands.
pub type Text = (String, String);

/// What calls of sqlx are named.
const SENDERS: [&str; 7] =
    ["query", "query_as", "query_scalar", "raw_sql", "query_with", "query_as_with", "query_scalar_with"];
/// By which the rules would be gone around: texts that are made at run time, and connections that are handed a text themselves.
const WAYS_AROUND: [&str; 3] = ["AssertSqlSafe", "QueryBuilder", "Executor"];
/// What a connection may be asked that is handed a text itself.
const METHODS: [&str; 7] =
    ["execute", "execute_many", "fetch", "fetch_many", "fetch_all", "fetch_one", "fetch_optional"];

pub fn takes_text(method: &syn::Ident) -> bool {
    METHODS.contains(&method.to_string().as_str())
}

/// Whether a path is a function of sqlx that takes a statement, or `platform::search`'s that hands it on.
pub fn is_sender(path: &syn::Path) -> bool {
    let last =
        path.segments.last().is_some_and(|segment| SENDERS.contains(&segment.ident.to_string().as_str()));
    let first = path.segments.first();
    last && first.is_some_and(|segment| {
        path.segments.len() == 1 || ["sqlx", "search"].iter().any(|of| segment.ident == of)
    })
}

/// Whether what a sender gets back is read into a type.
pub fn reads_rows(path: &syn::Path) -> bool {
    let reads = |name: String| name.starts_with("query_as") || name.starts_with("query_scalar");
    path.segments.last().is_some_and(|last| reads(last.ident.to_string()))
}

pub fn is_way_around(path: &syn::Path) -> bool {
    path.segments.iter().any(|segment| WAYS_AROUND.contains(&segment.ident.to_string().as_str()))
}

/// Whether a statement is sent by tokens that only a macro understands.
pub fn hidden(tokens: &TokenStream) -> bool {
    let text = tokens.to_string().replace(char::is_whitespace, "");
    ["sqlx::query", "sqlx::raw_sql", "search::query", "AssertSqlSafe"].iter().any(|call| text.contains(call))
}

/// Whether a `use` of sqlx brings in what would hide a call of it.
pub fn hides(tree: &syn::UseTree) -> bool {
    let hidden = |ident: &syn::Ident| {
        let name = ident.to_string();
        SENDERS.contains(&name.as_str()) || WAYS_AROUND.contains(&name.as_str())
    };
    match tree {
        syn::UseTree::Path(path) => hides(&path.tree),
        syn::UseTree::Group(group) => group.items.iter().any(hides),
        // Where it stands is seen.
        syn::UseTree::Name(name) => hidden(&name.ident) && name.ident != "AssertSqlSafe",
        syn::UseTree::Rename(name) => hidden(&name.ident),
        syn::UseTree::Glob(_) => true,
    }
}

/// What names stand for, inner blocks last. A name that stands for no text hides one that does.
#[derive(Default)]
pub struct Names {
    blocks: Vec<BTreeMap<String, Option<Vec<Text>>>>,
    /// By crate and name.
    constants: BTreeMap<(String, String), Vec<Text>>,
}

impl Names {
    pub fn enter(&mut self) {
        self.blocks.push(BTreeMap::new());
    }

    pub fn leave(&mut self) {
        self.blocks.pop();
    }

    /// A variable or parameter comes into reach.
    pub fn bind(&mut self, pattern: &Pat, texts: Option<Vec<Text>>) {
        let (Pat::Ident(named), Some(block)) = (untyped(pattern), self.blocks.last_mut()) else { return };
        block.insert(named.ident.to_string(), texts);
    }

    pub fn constant(&mut self, file: &str, name: &syn::Ident, texts: Vec<Text>) {
        self.constants.entry((crate_of(file).to_owned(), name.to_string())).or_default().extend(texts);
    }

    fn find(&self, path: &syn::Path, krate: &str) -> Option<Vec<Text>> {
        let name = path.segments.last()?.ident.to_string();
        let variable = (path.segments.len() == 1)
            .then(|| self.blocks.iter().rev().find_map(|block| block.get(&name)))
            .flatten();
        variable.cloned().unwrap_or_else(|| self.constants.get(&(krate.to_owned(), name)).cloned())
    }

    /// The texts that an expression may be, if all of them stand in the sources.
    pub fn texts(&self, expr: &Expr, file: &str, macros: &mut Macros) -> Option<Vec<Text>> {
        let mut all = |parts: &[&Expr]| {
            let texts = parts.iter().map(|part| self.texts(part, file, macros)).collect::<Option<Vec<_>>>();
            texts.map(|texts| texts.concat())
        };
        match expr {
            Expr::Path(path) => self.find(&path.path, crate_of(file)),
            Expr::Paren(paren) => all(&[&paren.expr]),
            Expr::Group(group) => all(&[&group.expr]),
            Expr::Reference(reference) => all(&[&reference.expr]),
            Expr::Block(block) => all(&[last(&block.block)?]),
            Expr::If(either) => all(&[last(&either.then_branch)?, &either.else_branch.as_ref()?.1]),
            Expr::Match(one) => all(&one.arms.iter().map(|arm| &*arm.body).collect::<Vec<_>>()),
            _ => Some(vec![(macros.text(expr)?, place(file, expr))]),
        }
    }
}

pub fn place(file: &str, at: &impl Spanned) -> String {
    format!("{file}:{}", at.span().start().line)
}

/// `alerts` of `crates/alerts/src/lib.rs`.
fn crate_of(file: &str) -> &str {
    file.split('/').nth(1).unwrap_or_default()
}

fn untyped(pattern: &Pat) -> &Pat {
    if let Pat::Type(typed) = pattern { &typed.pat } else { pattern }
}

fn last(block: &syn::Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}
