//! What the sources declare and use: read from them, so that nothing can be left out of a list by being forgotten.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Expr, ExprLit, Lit, Member, Type,
    parse::Parser,
    punctuated::Punctuated,
    visit::{self, Visit},
};

/// Names, each with the file that has it.
pub type Names = BTreeMap<String, String>;

/// All that a domain has to bring in its `domain()`.
#[derive(Default)]
pub struct Found {
    /// Kinds in `events!`.
    pub events: Names,
    /// Names in `permissions!`.
    pub permissions: Names,
    /// Keys of constants that are a `Setting<…>`.
    pub settings: Names,
    /// Queues that jobs are put into.
    pub queues: Names,
    /// Kinds of jobs that are put there, or have a handler.
    pub jobs: Names,
    /// Periodic tasks.
    pub tasks: Names,
    /// Names of the above that are neither a text nor a constant that is one.
    pub unclear: Vec<String>,
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
    let parse = |(name, text): &(String, String)| {
        (name.clone(), syn::parse_file(text).unwrap_or_else(|error| panic!("{name}: {error}")))
    };
    let parsed: Vec<(String, syn::File)> = files.iter().map(parse).collect();
    let mut reader = Reader::default();
    for (name, file) in &parsed {
        Constants { of: crate_of(name), texts: &mut reader.texts }.visit_file(file);
    }
    for (name, file) in &parsed {
        reader.file.clone_from(name);
        reader.visit_file(file);
    }
    reader.found
}

/// `crates/alerts` of `crates/alerts/src/lib.rs`.
fn crate_of(file: &str) -> &str {
    file.split("/src/").next().unwrap_or_default()
}

/// What each crate's constants of a name say; more than one thing, if there are more.
type Texts = BTreeMap<(String, String), BTreeSet<String>>;

struct Constants<'a> {
    of: &'a str,
    texts: &'a mut Texts,
}

impl Visit<'_> for Constants<'_> {
    fn visit_item_const(&mut self, item: &syn::ItemConst) {
        if let Some(text) = literal(&item.expr) {
            self.texts.entry((self.of.to_owned(), item.ident.to_string())).or_default().insert(text);
        }
    }
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

#[derive(Default)]
struct Reader {
    file: String,
    texts: Texts,
    found: Found,
}

impl Reader {
    /// What an expression says: nothing, for a variable, which got it from where it is read as well.
    fn text(&mut self, expr: &Expr) -> Vec<String> {
        if let Some(text) = literal(expr) {
            return vec![text];
        }
        let Expr::Path(path) = expr else { return Vec::new() };
        let name = path.path.segments.last().unwrap().ident.to_string();
        if name.chars().any(|c| c.is_ascii_lowercase()) {
            return Vec::new();
        }
        let known = self.texts.get(&(crate_of(&self.file).to_owned(), name.clone()));
        let Some(known) = known else {
            self.found.unclear.push(format!("{}: {name}", self.file));
            return Vec::new();
        };
        known.iter().cloned().collect()
    }

    fn note(&mut self, expr: &Expr, list: impl Fn(&mut Found) -> &mut Names) {
        for text in self.text(expr) {
            list(&mut self.found).entry(text).or_insert_with(|| self.file.clone());
        }
    }
}

/// The literals behind an equals sign.
fn assigned(tokens: TokenStream, found: &mut Vec<String>) {
    let mut before = None;
    for tree in tokens {
        match &tree {
            TokenTree::Group(group) => assigned(group.stream(), found),
            TokenTree::Literal(literal) if before == Some('=') => {
                let text: syn::LitStr = syn::parse2(TokenTree::Literal(literal.clone()).into()).unwrap();
                found.push(text.value());
            }
            _ => {}
        }
        before = if let TokenTree::Punct(punct) = &tree { Some(punct.as_char()) } else { None };
    }
}

/// Without the doc comments, which are literals behind equals signs as well.
fn undocumented(tokens: TokenStream) -> TokenStream {
    let attribute = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.stream().to_string().starts_with("doc "));
    let trees = tokens.into_iter().filter(|tree| !attribute(tree)).map(|tree| match tree {
        TokenTree::Group(group) => {
            proc_macro2::Group::new(group.delimiter(), undocumented(group.stream())).into()
        }
        other => other,
    });
    trees.collect()
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let test = item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        if !test {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        let setting = matches!(&*item.ty, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Setting" && !last.arguments.is_empty()));
        if let (true, Expr::Struct(made)) = (setting, &*item.expr) {
            for field in made.fields.iter().filter(|field| is_named(&field.member, "key")) {
                self.note(&field.expr, |found| &mut found.settings);
            }
        }
        visit::visit_item_const(self, item);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last().unwrap().ident.to_string();
        let list = match name.as_str() {
            "events" => &mut self.found.events,
            "permissions" => &mut self.found.permissions,
            // `vec![…]` and the like.
            _ => {
                let parser = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
                let arguments = parser.parse2(call.tokens.clone()).unwrap_or_default();
                return arguments.iter().for_each(|argument| Visit::visit_expr(self, argument));
            }
        };
        let mut names = Vec::new();
        assigned(undocumented(call.tokens.clone()), &mut names);
        list.extend(names.into_iter().map(|name| (name, self.file.clone())));
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        if made.path.segments.last().unwrap().ident == "NewJob" {
            for field in made.fields.iter().filter(|field| is_named(&field.member, "queue")) {
                self.note(&field.expr, |found| &mut found.queues);
            }
        }
        visit::visit_expr_struct(self, made);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*call.func {
            let path: Vec<_> =
                path.path.segments.iter().rev().map(|segment| segment.ident.to_string()).collect();
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            if let (["of" | "new", "NewJob", ..] | ["on", ..], Some(kind)) =
                (path.as_slice(), call.args.first())
            {
                self.note(kind, |found| &mut found.jobs);
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (call.method.to_string().as_str(), arguments.as_slice()) {
            ("queue", [queue]) => self.note(queue, |found| &mut found.queues),
            ("add", [kind, Expr::Closure(_)]) => self.note(kind, |found| &mut found.jobs),
            ("every", [_, name, _]) => self.note(name, |found| &mut found.tasks),
            _ => {}
        }
        visit::visit_expr_method_call(self, call);
    }
}

fn is_named(member: &Member, name: &str) -> bool {
    matches!(member, Member::Named(ident) if ident == name)
}
