//! Every SQL text of the product's sources, and who sends it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use proc_macro2::Span;
use syn::{
    Expr, FnArg, Item, Stmt,
    parse::Parser,
    punctuated::Punctuated,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{
    calls::{self, Names, Text, place},
    expand::Macros,
    rows::{self, Read, Signatures},
    texts::{begins, is_prepared, is_sql, literals},
    types::{Row, Types},
};
use crate::product;

/// As which role a statement runs, by what its function takes or opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementRole {
    Tenant,
    System,
    /// The function takes a connection of either.
    Either,
}

#[derive(Clone, Debug)]
pub struct Statement {
    /// `crates/alerts/src/store.rs:12`
    pub place: String,
    pub role: StatementRole,
    pub text: String,
    /// What its rows are read into, or why nobody knows; for each call that sends it and reads rows.
    pub rows: Vec<Result<Row, String>>,
}

#[derive(Default)]
pub struct Found {
    pub statements: Vec<Statement>,
    /// What PostgreSQL cannot prepare: `set`, `listen` and the like.
    pub utilities: Vec<Statement>,
    /// Made while the product runs, or sent so that no reader of the sources can tell what it is.
    pub dynamic: Vec<Statement>,
    /// Macros that hold SQL and were never understood.
    pub unused_macros: Vec<String>,
}

impl Found {
    /// Every text that is SQL.
    pub fn texts(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().chain(&self.utilities)
    }
}

/// Reads the product's sources.
///
/// # Errors
/// When a file cannot be read, or is no Rust.
pub fn of_product(root: &Path) -> Result<Found, String> {
    of(&product::sources(root).map_err(|error| error.to_string())?)
}

/// Reads these files, each a name and a text.
///
/// # Errors
/// When one is no Rust.
pub fn of(files: &[(String, String)]) -> Result<Found, String> {
    let parsed = files.iter().map(|(name, text)| match syn::parse_file(text) {
        Ok(file) => Ok((name, file)),
        Err(error) => Err(format!("{name}: {error}")),
    });
    let parsed: Vec<(&String, syn::File)> = parsed.collect::<Result<_, _>>()?;
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
        Constants { file: name, reader: &mut reader }.visit_file(file);
    }
    let types = Types::of(parsed.iter().map(|(name, file)| (name.as_str(), file)));
    let mut signatures = Signatures::default();
    parsed.iter().for_each(|(_, file)| signatures.visit_file(file));
    for (name, file) in &parsed {
        reader.file.clone_from(name);
        reader.read = rows::of(file, name, &types, &signatures);
        reader.visit_file(file);
    }
    let mut found = reader.found;
    found.unused_macros = holders.difference(&reader.macros.used).cloned().collect();
    Ok(found)
}

#[derive(Default)]
struct AllMacros<'a>(Vec<&'a syn::ItemMacro>);

impl<'a> Visit<'a> for AllMacros<'a> {
    fn visit_item_macro(&mut self, item: &'a syn::ItemMacro) {
        self.0.push(item);
    }
}

/// Finds the constants that are texts, wherever they stand.
struct Constants<'a> {
    file: &'a str,
    reader: &'a mut Reader,
}

impl<'ast> Visit<'ast> for Constants<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.reader.macros.enter(macros_of(file.items.iter()));
        visit::visit_file(self, file);
        self.reader.macros.leave();
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        let Reader { names, macros, .. } = &mut *self.reader;
        if let Some(texts) = names.texts(&item.expr, self.file, macros) {
            names.constant(self.file, &item.ident, texts);
        }
    }
}

#[derive(Default)]
struct Reader {
    file: String,
    macros: Macros,
    names: Names,
    role: Option<StatementRole>,
    /// What the calls of the file read rows into.
    read: Read,
    found: Found,
    /// What was found already: a text is sent from several places, and read where it stands and where it is sent.
    known: BTreeMap<Text, usize>,
}

impl Reader {
    fn statement(&self, (text, place): Text) -> Statement {
        Statement { place, role: self.role.unwrap_or(StatementRole::Either), text, rows: Vec::new() }
    }

    fn found(&mut self, text: Text, rows: Option<Result<Row, String>>) {
        let statement = Statement { rows: rows.into_iter().collect(), ..self.statement(text.clone()) };
        let list = if is_prepared(&text.0) { &mut self.found.statements } else { &mut self.found.utilities };
        match self.known.get(&text).and_then(|at| list.get_mut(*at)) {
            Some(known) => {
                // Where it stands nobody may have known who sends it.
                if known.role == StatementRole::Either {
                    known.role = statement.role;
                }
                known.rows.extend(statement.rows);
            }
            None => {
                self.known.insert(text, list.len());
                list.push(statement);
            }
        }
    }

    fn dynamic(&mut self, text: String, span: Span) {
        let made = self.statement((text, format!("{}:{}", self.file, span.start().line)));
        if self.found.dynamic.iter().all(|known| known.place != made.place) {
            self.found.dynamic.push(made);
        }
    }

    /// A call of sqlx among tokens that are no syntax tree.
    fn hidden(&mut self, among: &syn::Macro) {
        if calls::hidden(&among.tokens) {
            self.dynamic(quoted(&among.path), among.path.span());
        }
    }

    /// In a function: what it takes and opens says as whom it asks, or its documentation.
    fn within(&mut self, tokens: String, visit: impl FnOnce(&mut Self)) {
        let role = if tokens.contains("Needs the rights of the owner") {
            Some(StatementRole::System)
        } else if tokens.contains("TenantTx") || tokens.contains(". tenant (") {
            Some(StatementRole::Tenant)
        } else if tokens.contains("SystemTx") || tokens.contains(". system (") {
            Some(StatementRole::System)
        } else {
            self.role
        };
        let outer = std::mem::replace(&mut self.role, role);
        visit(self);
        self.role = outer;
    }

    /// Parameters hide constants, and stand for nothing that is known.
    fn function(&mut self, signature: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        self.names.enter();
        for input in &signature.inputs {
            if let FnArg::Typed(typed) = input {
                self.names.bind(&typed.pat, None);
            }
        }
        visit(self);
        self.names.leave();
    }

    /// What sqlx is given.
    fn sent(&mut self, call: &syn::ExprCall, path: &syn::Path) {
        let Some(argument) = call.args.first() else { return };
        let rows = calls::reads_rows(path).then(|| match self.read.get(&rows::span(call)) {
            Some(rows) => rows.clone(),
            None => Err("nobody tells what its rows are read into".to_owned()),
        });
        match self.names.texts(argument, &self.file, &mut self.macros) {
            Some(texts) => texts.into_iter().for_each(|text| self.found(text, rows.clone())),
            None => self.dynamic(quoted(argument), argument.span()),
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
        self.names.enter();
        visit::visit_block(self, block);
        self.names.leave();
        self.macros.leave();
    }

    // A definition is read where it is used; a call in it would be given what nobody sees.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.hidden(&item.mac);
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = &item.self_ty;
        self.within(quoted(of), |reader| visit::visit_item_impl(reader, item));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.within(quoted(item), |reader| {
            reader.function(&item.sig, |reader| visit::visit_item_fn(reader, item));
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(quoted(item), |reader| {
            reader.function(&item.sig, |reader| visit::visit_impl_item_fn(reader, item));
        });
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        let made = local.init.as_ref();
        let texts = made.and_then(|init| self.names.texts(&init.expr, &self.file, &mut self.macros));
        self.names.bind(&local.pat, texts);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if matches!(&item.tree, syn::UseTree::Path(path) if path.ident == "sqlx" && calls::hides(&path.tree))
        {
            self.dynamic(quoted(item), item.span());
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        match &*call.func {
            Expr::Path(path) if calls::is_sender(&path.path) => {
                self.sent(call, &path.path);
                call.args.iter().for_each(|argument| self.visit_expr(argument));
            }
            _ => visit::visit_expr_call(self, call),
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if calls::takes_text(&call.method) {
            // Mostly it is given a connection.
            let texts =
                call.args.first().and_then(|first| self.names.texts(first, &self.file, &mut self.macros));
            texts.into_iter().flatten().for_each(|text| self.found(text, None));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let handed_on = path.segments.len() > 1 && calls::is_sender(path);
        if handed_on || calls::is_way_around(path) {
            self.dynamic(quoted(path), path.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        let constant = matches!(expr, Expr::Lit(_) | Expr::Macro(_));
        if let Some(text) = constant.then(|| self.macros.text(expr)).flatten() {
            if is_sql(&text) {
                self.found((text, place(&self.file, expr)), None);
            }
            return;
        }
        visit::visit_expr(self, expr);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let arguments = Punctuated::<Expr, syn::Token![,]>::parse_terminated.parse2(call.tokens.clone());
        match arguments {
            Ok(arguments) if !["format", "concat"].iter().any(|made| call.path.is_ident(made)) => {
                for argument in &arguments {
                    Visit::visit_expr(self, argument);
                }
            }
            _ => {
                self.hidden(call);
                for (text, span) in literals(&call.tokens).into_iter().filter(|(text, _)| begins(text)) {
                    self.dynamic(text, span);
                }
            }
        }
    }
}

fn quoted(node: &impl quote::ToTokens) -> String {
    node.to_token_stream().to_string()
}
