//! Every SQL text of the product's sources, and who sends it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Expr, Item, Stmt,
    parse::Parser,
    punctuated::Punctuated,
    visit::{self, Visit},
};

use super::expand::Macros;

/// As which role a statement runs, by what its function takes or opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Tenant,
    System,
    /// The function takes a connection of either.
    Either,
}

#[derive(Clone, Debug)]
pub struct Statement {
    /// `crates/alerts/src/store.rs:12`
    pub place: String,
    pub role: Role,
    pub text: String,
}

#[derive(Default)]
pub struct Found {
    pub statements: Vec<Statement>,
    /// What PostgreSQL cannot prepare: `set`, `listen` and the like.
    pub utilities: Vec<Statement>,
    /// Made while the product runs.
    pub dynamic: Vec<Statement>,
    /// Macros that hold SQL and were never understood.
    pub unused_macros: Vec<String>,
    /// How often sqlx is called.
    pub calls: usize,
}

/// Reads every source of the product; tests and what only developers run are left out.
pub fn of_product() -> Found {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for entry in fs::read_dir(&crates).unwrap() {
        let folder = entry.unwrap().path();
        if !["testkit", "xtask"].iter().any(|developers| folder.ends_with(developers)) {
            sources(&folder.join("src"), &mut files);
        }
    }
    files.sort();
    let shown = |file: &PathBuf| format!("crates/{}", file.strip_prefix(&crates).unwrap().display());
    of(&files.iter().map(|file| (shown(file), fs::read_to_string(file).unwrap())).collect::<Vec<_>>())
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
}

/// Reads these files, each a name and a text.
pub fn of(files: &[(String, String)]) -> Found {
    let parsed: Vec<(&String, syn::File)> = files
        .iter()
        .map(|(name, text)| (name, syn::parse_file(text).unwrap_or_else(|e| panic!("{name}: {e}"))))
        .collect();
    let mut reader = Reader::default();
    let mut holders = BTreeSet::new();
    for (_, file) in &parsed {
        let mut all = AllMacros::default();
        all.visit_file(file);
        for item in all.0 {
            reader.macros.add_everywhere(item);
            if literals(&item.mac.tokens).iter().any(|(text, _)| begins(text)) {
                holders.extend(item.ident.as_ref().map(ToString::to_string));
            }
        }
    }
    for (name, file) in &parsed {
        reader.file.clone_from(name);
        reader.visit_file(file);
    }
    reader.found.unused_macros = holders.difference(&reader.macros.used).cloned().collect();
    reader.found
}

/// Whether a text begins as a statement that can be prepared.
fn is_sql(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second, rest) = (words.next(), words.next(), text.split_whitespace().collect::<Vec<_>>());
    match (first, second) {
        (Some("select"), Some(_)) | (Some("insert"), Some("into")) | (Some("delete"), Some("from")) => true,
        (Some("update"), Some(_)) => rest.contains(&"set"),
        (Some("with"), Some(_)) => rest.contains(&"as") && text.contains('('),
        _ => false,
    }
}

/// Whether a text may be the beginning of one.
fn begins(text: &str) -> bool {
    is_sql(text) || text.trim() == "select"
}

/// The texts within tokens that are no syntax tree.
fn literals(tokens: &TokenStream) -> Vec<(String, Span)> {
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

#[derive(Default)]
struct AllMacros<'a>(Vec<&'a syn::ItemMacro>);

impl<'a> Visit<'a> for AllMacros<'a> {
    fn visit_item_macro(&mut self, item: &'a syn::ItemMacro) {
        self.0.push(item);
    }
}

#[derive(Default)]
struct Reader {
    file: String,
    macros: Macros,
    role: Option<Role>,
    found: Found,
}

impl Reader {
    fn statement(&self, text: String, span: Span) -> Statement {
        let place = format!("{}:{}", self.file, span.start().line);
        Statement { place, role: self.role.unwrap_or(Role::Either), text }
    }

    /// In a function: what it takes and opens says as whom it asks, or its documentation.
    fn within(&mut self, tokens: String, visit: impl FnOnce(&mut Self)) {
        let role = if tokens.contains("Needs the rights of the owner") {
            Some(Role::System)
        } else if tokens.contains("TenantTx") || tokens.contains(". tenant (") {
            Some(Role::Tenant)
        } else if tokens.contains("SystemTx") || tokens.contains(". system (") {
            Some(Role::System)
        } else {
            self.role
        };
        let outer = std::mem::replace(&mut self.role, role);
        visit(self);
        self.role = outer;
    }

    /// A call of sqlx whose statement stands in it and cannot be prepared.
    fn utility(&mut self, function: &Expr, argument: Option<&Expr>) {
        let Expr::Path(path) = function else { return };
        let name = path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if !["query", "query_as", "query_scalar", "raw_sql"].contains(&name.as_str()) {
            return;
        }
        self.found.calls += 1;
        let Some(argument) = argument else { return };
        let (text, span) = (self.macros.text(argument), syn::spanned::Spanned::span(argument));
        match text {
            Some(text) if !is_sql(&text) => {
                let utility = self.statement(text, span);
                self.found.utilities.push(utility);
            }
            None if matches!(argument, Expr::Macro(_)) => {
                let made = self.statement(quoted(argument), span);
                self.found.dynamic.push(made);
            }
            _ => {}
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("cfg") && literals_of(attribute).contains("test"))
}

fn literals_of(attribute: &syn::Attribute) -> String {
    attribute.meta.require_list().map(|list| list.tokens.to_string()).unwrap_or_default()
}

/// The macros among these items.
fn macros_of<'a>(items: impl Iterator<Item = &'a Item>) -> impl Iterator<Item = &'a syn::ItemMacro> {
    items.filter_map(|item| match item {
        Item::Macro(item) => Some(item),
        _ => None,
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.macros.enter(macros_of(file.items.iter()));
        visit::visit_file(self, file);
        self.macros.leave();
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let items =
            block.stmts.iter().filter_map(|stmt| if let Stmt::Item(item) = stmt { Some(item) } else { None });
        self.macros.enter(macros_of(items));
        visit::visit_block(self, block);
        self.macros.leave();
    }

    // A definition is read where it is used.
    fn visit_item_macro(&mut self, _: &'ast syn::ItemMacro) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = &item.self_ty;
        self.within(quoted(of), |reader| visit::visit_item_impl(reader, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(quoted(item), |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(quoted(item), |reader| visit::visit_impl_item_fn(reader, item));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.utility(&call.func, call.args.first());
        visit::visit_expr_call(self, call);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        let constant = matches!(expr, Expr::Lit(_) | Expr::Macro(_));
        if let Some(text) = constant.then(|| self.macros.text(expr)).flatten() {
            if is_sql(&text) {
                let statement = self.statement(text, syn::spanned::Spanned::span(expr));
                self.found.statements.push(statement);
            }
            return;
        }
        visit::visit_expr(self, expr);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let arguments = Punctuated::<Expr, syn::Token![,]>::parse_terminated.parse2(call.tokens.clone());
        match arguments {
            Ok(arguments) if !["format", "concat"].iter().any(|made| call.path.is_ident(made)) => {
                // The reader keeps no reference to what it visits.
                let mut inner = Reader { file: self.file.clone(), role: self.role, ..Reader::default() };
                std::mem::swap(&mut inner.macros, &mut self.macros);
                std::mem::swap(&mut inner.found, &mut self.found);
                for argument in &arguments {
                    inner.visit_expr(argument);
                }
                std::mem::swap(&mut inner.macros, &mut self.macros);
                std::mem::swap(&mut inner.found, &mut self.found);
            }
            _ => {
                let made = literals(&call.tokens).into_iter().filter(|(text, _)| begins(text));
                let made: Vec<Statement> = made.map(|(text, span)| self.statement(text, span)).collect();
                self.found.dynamic.extend(made);
            }
        }
    }
}

fn quoted(node: &impl quote::ToTokens) -> String {
    node.to_token_stream().to_string()
}
