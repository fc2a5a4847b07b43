//! What Rust reads from a column or a row: the types of the sources, as far as the database's answers meet them.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Fields, GenericArgument, Item, PathArguments, Type, spanned::Spanned, visit::Visit};

use super::modules::Modules;

/// What one column is read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadColumn {
    pub name: String,
    /// The types of PostgreSQL that this can be read from, as sqlx names them.
    pub from: Vec<String>,
    /// Null is read as none.
    pub optional: bool,
    /// A row without this column is read too.
    pub may_lack: bool,
}

/// What a row is read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A struct, by the names of its columns.
    Named(Vec<ReadColumn>),
    /// A tuple, by the places of its columns.
    Placed(Vec<ReadColumn>),
    /// The first column alone.
    First(ReadColumn),
}

/// Where a type is named.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub file: &'a str,
    pub line: usize,
}

/// A type that the sources declare.
struct Declared {
    file: String,
    /// The lines of the block it is seen in; all for a type of the file.
    lines: (usize, usize),
    meaning: Meaning,
}

enum Meaning {
    /// Reads what this reads.
    Like(Box<Type>),
    /// A struct with named fields, and what is said of it.
    Struct(Vec<syn::Attribute>, syn::FieldsNamed),
}

#[derive(Default)]
pub struct Types {
    declared: BTreeMap<String, Vec<Declared>>,
    /// The columns that a `FromRow` asks for which nobody derived, whatever types it reads.
    by_hand: BTreeMap<String, Vec<String>>,
    modules: Modules,
}

impl Types {
    pub fn of<'a>(files: impl Iterator<Item = (&'a str, &'a syn::File)>) -> Self {
        let mut types = Self::default();
        for (name, file) in files {
            types.modules.add(name, file);
            let mut reader = Declarations { file: name, lines: (0, usize::MAX), types: &mut types };
            reader.visit_file(file);
        }
        types
    }

    fn declare(&mut self, name: &syn::Ident, file: &str, lines: (usize, usize), meaning: Meaning) {
        let declared = Declared { file: file.to_owned(), lines, meaning };
        self.declared.entry(name.to_string()).or_default().push(declared);
    }

    /// The declaration that a path means: the nearest in the file, or the one that it is imported from.
    fn find(&self, path: &syn::Path, at: At<'_>) -> Option<&Declared> {
        let written: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let (name, found) = (written.last()?, |declared: &&Declared| declared.file == at.file);
        if written.len() == 1 {
            let seen = |of: &&Declared| of.lines.0 <= at.line && at.line <= of.lines.1;
            let mut here: Vec<_> =
                self.declared.get(name).into_iter().flatten().filter(found).filter(seen).collect();
            here.sort_by_key(|of| of.lines.1 - of.lines.0);
            if let Some(nearest) = here.first() {
                return Some(nearest);
            }
        }
        let (name, near) = self.modules.origin(&written, at.file);
        let all = self.declared.get(&name)?.iter().filter(|of| of.lines.1 == usize::MAX);
        let distance = |of: &&Declared| near.iter().position(|place| self.modules.is_in(&of.file, place));
        let best = all.clone().filter_map(|of| distance(&of)).min()?;
        let mut nearest = all.filter(|of| distance(of) == Some(best));
        nearest.next().filter(|_| nearest.next().is_none())
    }

    /// The type of a struct's field.
    pub fn field_of(&self, path: &syn::Path, field: &syn::Ident, at: At<'_>) -> Option<Type> {
        let Meaning::Struct(_, fields) = &self.find(path, at)?.meaning else { return None };
        fields.named.iter().find(|one| one.ident.as_ref() == Some(field)).map(|one| one.ty.clone())
    }

    /// What a row of this type is read from; `query_scalar` reads the first column alone.
    ///
    /// # Errors
    /// With what is not known.
    pub fn row(&self, ty: &Type, first: bool, at: At<'_>) -> Result<Row, String> {
        if first {
            return self.column("", ty, at).map(Row::First);
        }
        match (ty, self.alias(ty, at)) {
            (_, Some((ty, at))) => self.row(ty, first, at),
            (Type::Tuple(tuple), _) => {
                let fields = tuple.elems.iter().map(|ty| self.column("", ty, at));
                fields.collect::<Result<_, _>>().map(Row::Placed)
            }
            (ty, _) => self.fields(ty, at).map(Row::Named),
        }
    }

    /// What a type is another name of.
    fn alias(&self, ty: &Type, at: At<'_>) -> Option<(&Type, At<'_>)> {
        let declared = self.find(named(ty)?, at)?;
        match &declared.meaning {
            Meaning::Like(ty) => Some((ty, At { file: &declared.file, line: declared.lines.0 })),
            Meaning::Struct(..) => None,
        }
    }

    fn fields(&self, ty: &Type, at: At<'_>) -> Result<Vec<ReadColumn>, String> {
        let path = named(ty).ok_or_else(|| unknown(ty))?;
        let by_hand = path.segments.last().and_then(|last| self.by_hand.get(&last.ident.to_string()));
        if let Some(columns) = by_hand {
            let read = |name: &String| ReadColumn {
                name: name.clone(),
                from: Vec::new(),
                optional: false,
                may_lack: false,
            };
            return Ok(columns.iter().map(read).collect());
        }
        let declared = self.find(path, at).ok_or_else(|| unknown(path))?;
        let at = At { file: &declared.file, line: declared.lines.0 };
        match &declared.meaning {
            Meaning::Like(ty) => self.fields(ty, at),
            Meaning::Struct(said, fields) if derives(said, "FromRow") => {
                let read = fields.named.iter().map(|field| {
                    let at = At { line: field.span().start().line, ..at };
                    self.field(field, at)
                });
                Ok(read.collect::<Result<Vec<_>, _>>()?.concat())
            }
            Meaning::Struct(..) => Err(unknown(path)),
        }
    }

    fn field(&self, field: &syn::Field, at: At<'_>) -> Result<Vec<ReadColumn>, String> {
        let said = sqlx_said(&field.attrs);
        let is = |word: &str| said.iter().any(|(key, _)| key == word);
        let value =
            |word: &str| said.iter().find(|(key, _)| key == word).and_then(|(_, value)| value.clone());
        if is("skip") {
            return Ok(Vec::new());
        }
        let ty = match value("try_from") {
            Some(other) => &syn::parse_str(&other).map_err(|error| error.to_string())?,
            None => &field.ty,
        };
        if is("flatten") {
            return self.fields(ty, at);
        }
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = value("rename").unwrap_or_else(|| name.trim_start_matches("r#").to_owned());
        let mut read = if is("json") {
            ReadColumn { name, from: json(), optional: inner(ty, "Option").is_some(), may_lack: false }
        } else {
            self.column(&name, ty, at)?
        };
        read.may_lack = is("default");
        Ok(vec![read])
    }

    fn column(&self, name: &str, ty: &Type, at: At<'_>) -> Result<ReadColumn, String> {
        let (ty, optional) = inner(ty, "Option").map_or((ty, false), |ty| (ty, true));
        Ok(ReadColumn { name: name.to_owned(), from: self.sources(ty, at)?, optional, may_lack: false })
    }

    /// The types of PostgreSQL that a type of Rust can be read from.
    fn sources(&self, ty: &Type, at: At<'_>) -> Result<Vec<String>, String> {
        if let Some(of) = inner(ty, "Vec") {
            if of.to_token_stream().to_string() == "u8" {
                return Ok(vec!["BYTEA".into()]);
            }
            let of = inner(of, "Option").unwrap_or(of);
            return Ok(self.sources(of, at)?.iter().map(|of| format!("{of}[]")).collect());
        }
        let Type::Path(path) = ty else { return Err(unknown(ty)) };
        // What the sources declare comes before a name that others use too.
        if let Some(Declared { file, lines, meaning: Meaning::Like(ty) }) = self.find(&path.path, at) {
            return self.sources(ty, At { file, line: lines.0 });
        }
        let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let from: &[&str] = match name.as_str() {
            "String" => &["TEXT", "VARCHAR", "NAME", "CHAR", "CITEXT"],
            "i16" => &["INT2"],
            "i32" => &["INT4"],
            "i64" => &["INT8"],
            "f32" => &["FLOAT4"],
            "f64" => &["FLOAT8"],
            "bool" => &["BOOL"],
            "Uuid" => &["UUID"],
            "DateTime" => &["TIMESTAMPTZ"],
            "NaiveDate" => &["DATE"],
            "Vector" => &["VECTOR"],
            "Value" | "Json" | "RawValue" => return Ok(json()),
            _ => return Err(unknown(ty)),
        };
        Ok(from.iter().map(ToString::to_string).collect())
    }
}

fn json() -> Vec<String> {
    vec!["JSONB".into(), "JSON".into()]
}

fn shown(node: &impl ToTokens) -> String {
    node.to_token_stream().to_string().replace(' ', "")
}

fn unknown(node: &impl ToTokens) -> String {
    format!("nobody knows what {} is read from", shown(node))
}

/// The name of a type, or of what a reference leads to.
fn named(ty: &Type) -> Option<&syn::Path> {
    match ty {
        Type::Path(path) => Some(&path.path),
        Type::Reference(reference) => named(&reference.elem),
        _ => None,
    }
}

/// `T` of `Option<T>`, for the name `Option`.
pub fn inner<'a>(ty: &'a Type, of: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == of)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn derives(said: &[syn::Attribute], what: &str) -> bool {
    let list = said.iter().filter(|one| one.path().is_ident("derive"));
    list.filter_map(|one| one.meta.require_list().ok()).any(|list| list.tokens.to_string().contains(what))
}

/// What `#[sqlx(…)]` says: words, some with a value.
fn sqlx_said(attributes: &[syn::Attribute]) -> Vec<(String, Option<String>)> {
    let mut said = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sqlx")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            let value = meta.value().ok().and_then(|value| value.parse::<syn::LitStr>().ok());
            said.push((meta.path.to_token_stream().to_string(), value.map(|value| value.value())));
            Ok(())
        });
        parsed.unwrap_or_default();
    }
    said
}

/// Reads what the sources declare.
struct Declarations<'a> {
    file: &'a str,
    lines: (usize, usize),
    types: &'a mut Types,
}

impl Declarations<'_> {
    fn declare(&mut self, name: &syn::Ident, meaning: Meaning) {
        self.types.declare(name, self.file, self.lines, meaning);
    }

    /// A type that is read as its inner one, or as the text that its attribute names.
    fn read_as(&mut self, name: &syn::Ident, said: &[syn::Attribute], inner: Option<&Type>) {
        let said = sqlx_said(said);
        if said.iter().any(|(key, value)| key == "type_name" && value.as_deref() == Some("text")) {
            self.declare(name, Meaning::Like(Box::new(syn::parse_quote!(String))));
        } else if let Some(inner) = inner.filter(|_| said.iter().any(|(key, _)| key == "transparent")) {
            self.declare(name, Meaning::Like(Box::new(inner.clone())));
        }
    }
}

impl<'ast> Visit<'ast> for Declarations<'_> {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        let span = block.span();
        let outer = std::mem::replace(&mut self.lines, (span.start().line, span.end().line));
        syn::visit::visit_block(self, block);
        self.lines = outer;
    }

    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Struct(one) => match &one.fields {
                Fields::Named(fields) => {
                    self.declare(&one.ident, Meaning::Struct(one.attrs.clone(), fields.clone()));
                }
                fields => self.read_as(&one.ident, &one.attrs, fields.iter().next().map(|field| &field.ty)),
            },
            Item::Impl(one) => {
                let of = one.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
                let of =
                    of.filter(|of| of.ident == "FromRow").and_then(|_| named(&one.self_ty)?.segments.last());
                if let Some(of) = of {
                    let mut asked = Asked(Vec::new());
                    asked.visit_item_impl(one);
                    self.types.by_hand.insert(of.ident.to_string(), asked.0);
                }
            }
            Item::Enum(one) => self.read_as(&one.ident, &one.attrs, None),
            Item::Type(alias) => self.declare(&alias.ident, Meaning::Like(alias.ty.clone())),
            // Ids and texts that macros declare.
            Item::Macro(made) => {
                let tokens = made.mac.tokens.clone();
                let of = made.mac.path.segments.last().map(|last| last.ident.to_string());
                match of.as_deref() {
                    Some("ids") => idents(tokens, |_| true).iter().for_each(|name| {
                        self.declare(name, Meaning::Like(Box::new(syn::parse_quote!(Uuid))));
                    }),
                    Some("text_enum") => idents(tokens, |before| before == "enum").iter().for_each(|name| {
                        self.declare(name, Meaning::Like(Box::new(syn::parse_quote!(String))));
                    }),
                    _ => {}
                }
            }
            _ => {}
        }
        syn::visit::visit_item(self, item);
    }
}

/// The names that stand alone, and behind what is asked for.
fn idents(tokens: proc_macro2::TokenStream, behind: impl Fn(&str) -> bool) -> Vec<syn::Ident> {
    let (mut found, mut before) = (Vec::new(), String::new());
    for tree in tokens {
        if let proc_macro2::TokenTree::Ident(name) = &tree
            && behind(&before)
        {
            found.push(name.clone());
        }
        before = tree.to_string();
    }
    found
}

/// The columns that a function asks a row for.
struct Asked(Vec<String>);

impl<'ast> Visit<'ast> for Asked {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if let (true, Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }))) =
            (call.method == "try_get" || call.method == "get", call.args.first())
        {
            self.0.push(name.value());
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}
