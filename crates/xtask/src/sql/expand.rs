//! What a constant text of the sources says: literals, `concat!`, and the sources' own macros by example.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Expr, ExprMacro, Lit, parse::Parser, punctuated::Punctuated};

/// The arms of a `macro_rules!`: what it takes and what it makes of it.
pub type Arms = Vec<(Vec<TokenTree>, TokenStream)>;

/// The macros that can be named at some place: those of the whole workspace, and the inner ones before them.
#[derive(Default)]
pub struct Macros {
    everywhere: BTreeMap<String, Arms>,
    inner: Vec<BTreeMap<String, Arms>>,
    pub used: BTreeSet<String>,
}

impl Macros {
    pub fn add_everywhere(&mut self, item: &syn::ItemMacro) {
        if let Some(name) = &item.ident {
            self.everywhere.entry(name.to_string()).or_insert_with(|| arms(&item.mac.tokens));
        }
    }

    /// The macros of a file or block come into reach.
    pub fn enter<'a>(&mut self, items: impl Iterator<Item = &'a syn::ItemMacro>) {
        let named = items.filter_map(|item| Some((item.ident.as_ref()?.to_string(), arms(&item.mac.tokens))));
        self.inner.push(named.collect());
    }

    pub fn leave(&mut self) {
        self.inner.pop();
    }

    /// The text, if the expression is a constant one.
    pub fn text(&mut self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value()),
                Lit::Int(number) => Some(number.base10_digits().to_owned()),
                _ => None,
            },
            Expr::Group(group) => self.text(&group.expr),
            Expr::Paren(paren) => self.text(&paren.expr),
            Expr::Reference(reference) => self.text(&reference.expr),
            Expr::Macro(call) => self.of_macro(call),
            _ => None,
        }
    }

    fn of_macro(&mut self, call: &ExprMacro) -> Option<String> {
        let name = call.mac.path.segments.last()?.ident.to_string();
        if name == "concat" {
            let parts = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            return parts.parse2(call.mac.tokens.clone()).ok()?.iter().map(|part| self.text(part)).collect();
        }
        let arms = self
            .inner
            .iter()
            .rev()
            .find_map(|scope| scope.get(&name))
            .or_else(|| self.everywhere.get(&name))?;
        let input: Vec<TokenTree> = call.mac.tokens.clone().into_iter().collect();
        let (body, bound) =
            arms.iter().find_map(|(takes, body)| Some((body.clone(), bind(takes, &input)?)))?;
        let made = syn::parse2::<Expr>(fill(body, &bound)).ok()?;
        let text = self.text(&made)?;
        self.used.insert(name);
        Some(text)
    }
}

fn arms(tokens: &TokenStream) -> Arms {
    let groups = tokens.clone().into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    let groups: Vec<TokenStream> = groups.collect();
    groups.chunks_exact(2).map(|arm| (arm[0].clone().into_iter().collect(), arm[1].clone())).collect()
}

/// What each `$name` of the pattern stands for, if the input fits. Repetitions fit nothing.
fn bind(takes: &[TokenTree], input: &[TokenTree]) -> Option<BTreeMap<String, TokenStream>> {
    let (mut bound, mut rest, mut at) = (BTreeMap::new(), input, 0);
    while at < takes.len() {
        if takes[at].to_string() == "$" {
            let (name, kind) = (takes.get(at + 1)?.to_string(), takes.get(at + 3)?.to_string());
            let end = match kind.as_str() {
                "expr" => rest.iter().position(|tree| tree.to_string() == ",").unwrap_or(rest.len()),
                "literal" | "tt" | "ident" => 1,
                _ => return None,
            };
            let taken = rest.get(..end).filter(|taken| !taken.is_empty())?;
            let group = Group::new(Delimiter::None, taken.iter().cloned().collect());
            let captured =
                if kind == "expr" { TokenTree::Group(group).into() } else { taken.iter().cloned().collect() };
            bound.insert(name, captured);
            (rest, at) = (&rest[end..], at + 4);
        } else {
            (rest, at) =
                (rest.split_first().filter(|(tree, _)| tree.to_string() == takes[at].to_string())?.1, at + 1);
        }
    }
    rest.is_empty().then_some(bound)
}

fn fill(body: TokenStream, bound: &BTreeMap<String, TokenStream>) -> TokenStream {
    let (mut filled, mut trees) = (TokenStream::new(), body.into_iter().peekable());
    while let Some(tree) = trees.next() {
        let captured = (tree.to_string() == "$").then(|| bound.get(&trees.peek()?.to_string())).flatten();
        match (captured, tree) {
            (Some(captured), _) => {
                trees.next();
                filled.extend(captured.clone());
            }
            (None, TokenTree::Group(group)) => {
                filled.extend([TokenTree::Group(Group::new(group.delimiter(), fill(group.stream(), bound)))]);
            }
            (None, tree) => filled.extend([tree]),
        }
    }
    filled
}
