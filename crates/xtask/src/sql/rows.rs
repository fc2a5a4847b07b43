//! Which type each call of sqlx reads rows into: as its type arguments say, or the place that what it fetched goes to.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{
    Block, Expr, Pat, ReturnType, Stmt, Type, parse_quote,
    spanned::Spanned,
    visit::{self, Visit},
};

use super::{
    calls::is_sender,
    types::{At, Row, Types, inner},
};

/// The line and column of a call.
pub type Span = (usize, usize);

pub fn span(at: &impl Spanned) -> Span {
    let start = at.span().start();
    (start.line, start.column)
}

/// What each call in a file reads rows into.
pub type Read = BTreeMap<Span, Result<Row, String>>;

pub fn of(file: &syn::File, name: &str, types: &Types, signatures: &Signatures) -> Read {
    let (variables, found) = (Vec::new(), Read::new());
    let mut rows = Rows { file: name, types, signatures, variables, returned: None, found };
    rows.visit_file(file);
    rows.found
}

/// What functions take, by the last two parts of their path: `Batch::all`, or the name alone.
#[derive(Default)]
pub struct Signatures {
    taken: BTreeMap<String, Option<Vec<Type>>>,
    of: Option<String>,
}

impl Signatures {
    fn add(&mut self, signature: &syn::Signature) {
        let generic = signature.generics.type_params().next().is_some();
        let taken = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some((*typed.ty).clone()),
            syn::FnArg::Receiver(_) => None,
        });
        let taken = (!generic).then(|| taken.collect());
        let name = signature.ident.to_string();
        let name = self.of.as_ref().map_or(name.clone(), |of| format!("{of}::{name}"));
        // Of two that are called alike nothing is known.
        self.taken.entry(name).and_modify(|known| *known = None).or_insert(taken);
    }

    fn find(&self, path: &syn::Path) -> Option<&[Type]> {
        let parts: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let last = &parts[parts.len().saturating_sub(2)..];
        self.taken.get(&last.join("::"))?.as_deref()
    }
}

impl<'ast> Visit<'ast> for Signatures {
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = match &*item.self_ty {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.of, of);
        visit::visit_item_impl(self, item);
        self.of = outer;
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.add(signature);
    }
}

struct Rows<'a> {
    file: &'a str,
    types: &'a Types,
    signatures: &'a Signatures,
    /// What variables were given, inner blocks last; what they are read as is told where they are used.
    variables: Vec<BTreeMap<String, Expr>>,
    /// What the function returns.
    returned: Option<Type>,
    found: Read,
}

impl Rows<'_> {
    fn function(&mut self, signature: &syn::Signature, block: &Block) {
        let returned = match &signature.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        };
        let outer = std::mem::replace(&mut self.returned, returned.clone());
        self.block(block, returned.as_ref());
        self.returned = outer;
    }

    /// Whatever stands in it goes to `to`, if that is known.
    fn block(&mut self, block: &Block, to: Option<&Type>) {
        self.variables.push(BTreeMap::new());
        for stmt in &block.stmts {
            match stmt {
                Stmt::Local(local) => self.local(local),
                Stmt::Expr(expr, None) => self.goes(expr, to),
                Stmt::Expr(expr, Some(_)) => self.goes(expr, None),
                Stmt::Item(item) => self.visit_item(item),
                Stmt::Macro(made) => self.visit_macro(&made.mac),
            }
        }
        self.variables.pop();
    }

    fn local(&mut self, local: &syn::Local) {
        let Some(init) = &local.init else { return };
        self.goes(&init.expr, taken_apart(&local.pat).as_ref());
        if let Some((_, otherwise)) = &init.diverge {
            self.goes(otherwise, None);
        }
        if let (Pat::Ident(named), Some(block)) = (&local.pat, self.variables.last_mut()) {
            block.insert(named.ident.to_string(), (*init.expr).clone());
        }
    }

    /// What an expression makes goes to something of this type.
    fn goes(&mut self, expr: &Expr, to: Option<&Type>) {
        match expr {
            Expr::Try(inside) => self.goes(&inside.expr, to.map(|to| parse_quote!(Result<#to>)).as_ref()),
            Expr::Await(inside) => self.goes(&inside.base, to),
            Expr::Paren(inside) => self.goes(&inside.expr, to),
            Expr::Reference(inside) => self.goes(&inside.expr, None),
            Expr::Unary(inside) if matches!(inside.op, syn::UnOp::Not(_)) => {
                self.goes(&inside.expr, Some(&parse_quote!(bool)));
            }
            Expr::Path(path) => self.variable(path, to),
            Expr::Call(call) => self.call(call, to),
            Expr::MethodCall(call) => self.method(call, to),
            Expr::Struct(made) => {
                let at = At { file: self.file, line: span(made).0 };
                for field in &made.fields {
                    let syn::Member::Named(name) = &field.member else { continue };
                    self.goes(&field.expr, self.types.field_of(&made.path, name, at).as_ref());
                }
            }
            Expr::Tuple(tuple) => {
                let to = match to {
                    Some(Type::Tuple(to)) => to.elems.iter().map(Some).collect(),
                    _ => vec![None; tuple.elems.len()],
                };
                tuple.elems.iter().zip(to).for_each(|(part, to)| self.goes(part, to));
            }
            Expr::Block(block) => self.block(&block.block, to),
            Expr::If(either) => {
                let condition = match &*either.cond {
                    Expr::Let(_) => None,
                    _ => Some(parse_quote!(bool)),
                };
                self.goes(&either.cond, condition.as_ref());
                self.block(&either.then_branch, to);
                if let Some((_, otherwise)) = &either.else_branch {
                    self.goes(otherwise, to);
                }
            }
            Expr::Let(inside) => self.goes(&inside.expr, taken_apart(&inside.pat).as_ref()),
            Expr::Match(one) => {
                self.goes(&one.expr, one.arms.iter().find_map(|arm| taken_apart(&arm.pat)).as_ref());
                one.arms.iter().for_each(|arm| self.goes(&arm.body, to));
            }
            Expr::Return(back) => {
                let returned = self.returned.clone();
                back.expr.iter().for_each(|expr| self.goes(expr, returned.as_ref()));
            }
            Expr::Binary(two) => {
                self.goes(&two.left, literal(&two.right).as_ref());
                self.goes(&two.right, literal(&two.left).as_ref());
            }
            Expr::Async(inside) => self.block(&inside.block, None),
            Expr::Closure(closure) => {
                // What `return` gives back here is not the function's.
                let outer = self.returned.take();
                self.goes(&closure.body, None);
                self.returned = outer;
            }
            _ => visit::visit_expr(self, expr),
        }
    }

    fn variable(&mut self, path: &syn::ExprPath, to: Option<&Type>) {
        let (Some(name), Some(_)) = (path.path.get_ident(), to) else { return };
        let name = name.to_string();
        let known = self.variables.iter_mut().rev().find(|block| block.contains_key(&name));
        if let Some(made) = known.and_then(|block| block.remove(&name)) {
            self.goes(&made, to);
        }
    }

    fn call(&mut self, call: &syn::ExprCall, to: Option<&Type>) {
        let taken: Vec<Option<Type>> = match &*call.func {
            Expr::Path(path) if is_sender(&path.path) => {
                self.sent(&path.path, call, to);
                Vec::new()
            }
            Expr::Path(path) if path.path.is_ident("Ok") => {
                vec![to.and_then(|to| inner(to, "Result")).cloned()]
            }
            Expr::Path(path) if path.path.is_ident("Some") => {
                vec![to.and_then(|to| inner(to, "Option")).cloned()]
            }
            // The rows of a page.
            Expr::Path(path) if path.path.segments.first().is_some_and(|first| first.ident == "Page") => {
                vec![to.and_then(|to| inner(to, "Page")).map(|of| parse_quote!(Vec<#of>))]
            }
            Expr::Path(path) => {
                self.signatures.find(&path.path).into_iter().flatten().cloned().map(Some).collect()
            }
            other => {
                self.goes(other, None);
                Vec::new()
            }
        };
        for (number, argument) in call.args.iter().enumerate() {
            self.goes(argument, taken.get(number).and_then(Option::as_ref));
        }
    }

    /// A query: its row type is its last type argument, or known from what is done with it.
    fn sent(&mut self, path: &syn::Path, call: &syn::ExprCall, to: Option<&Type>) {
        let last = path.segments.last().map(|last| last.arguments.clone());
        let said = match last {
            Some(syn::PathArguments::AngleBracketed(said)) => match said.args.last() {
                Some(syn::GenericArgument::Type(Type::Infer(_))) | None => None,
                Some(syn::GenericArgument::Type(ty)) => Some(ty.clone()),
                _ => None,
            },
            _ => None,
        };
        let row = said.or_else(|| to.and_then(|to| inner(to, "Query")).cloned());
        let first =
            path.segments.last().is_some_and(|last| last.ident.to_string().starts_with("query_scalar"));
        let at = At { file: self.file, line: span(call).0 };
        // What a place where it is used does not tell another one may.
        let known = self.found.get(&span(call)).is_some_and(Result::is_ok);
        if let Some(row) = row.filter(|row| !known && !matches!(row, Type::Infer(_))) {
            self.found.insert(span(call), self.types.row(&row, first, at));
        }
    }

    fn method(&mut self, call: &syn::ExprMethodCall, to: Option<&Type>) {
        let query = |row: Option<&Type>| row.map(|row| parse_quote!(Query<#row>));
        let optional = |of: &dyn ToTokens| Some(parse_quote!(Option<#of>));
        let result = to.and_then(|to| inner(to, "Result"));
        let of: Option<Type> = match call.method.to_string().as_str() {
            "fetch_one" => query(result),
            "fetch_all" => query(result.and_then(|all| inner(all, "Vec"))),
            "fetch_optional" => query(result.and_then(|one| inner(one, "Option"))),
            "bind" | "persistent" | "into_iter" | "iter" | "map_err" => to.cloned(),
            "ok_or" | "ok_or_else" => result.and_then(|of| optional(of)),
            "unwrap_or" => match (to, call.args.first().and_then(literal)) {
                (Some(to), _) => optional(to),
                (None, Some(of)) => optional(&of),
                (None, None) => None,
            },
            "unwrap_or_default" | "unwrap_or_else" | "flatten" => to.and_then(|of| optional(of)),
            "map" | "and_then" | "for_each" | "filter_map" => {
                call.args.first().and_then(argument).and_then(|of| {
                    if iterates(&call.receiver) { Some(parse_quote!(Vec<#of>)) } else { optional(&of) }
                })
            }
            "collect" => None,
            _ => None,
        };
        self.goes(&call.receiver, of.as_ref());
        call.args.iter().for_each(|argument| self.goes(argument, None));
    }
}

impl<'ast> Visit<'ast> for Rows<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.block(block, None);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.goes(expr, None);
    }

    fn visit_macro(&mut self, made: &'ast syn::Macro) {
        use syn::{parse::Parser, punctuated::Punctuated};
        let arguments = Punctuated::<Expr, syn::Token![,]>::parse_terminated.parse2(made.tokens.clone());
        arguments.iter().flatten().for_each(|argument| self.goes(argument, None));
    }
}

/// Whether a chain goes over many.
fn iterates(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(call) if ["into_iter", "iter"].iter().any(|of| call.method == of))
}

/// The type that a pattern says: `x: T`, `Some(Row { … })`.
fn taken_apart(pattern: &Pat) -> Option<Type> {
    match pattern {
        Pat::Type(typed) => Some((*typed.ty).clone()),
        Pat::Struct(made) => {
            let path = &made.path;
            Some(parse_quote!(#path))
        }
        Pat::TupleStruct(made) if made.path.is_ident("Some") => {
            let of = taken_apart(made.elems.first()?)?;
            Some(parse_quote!(Option<#of>))
        }
        Pat::Lit(of) => literal(&Expr::Lit(of.clone())),
        _ => None,
    }
}

/// What a function that is handed on takes: `|row: Row| …`, `Row::shown`, `|Row { id, .. }| …`.
fn argument(function: &Expr) -> Option<Type> {
    match function {
        Expr::Closure(closure) => taken_apart(closure.inputs.first()?),
        Expr::Path(path) if path.path.segments.len() > 1 => {
            let mut of = path.path.clone();
            of.segments.pop();
            of.segments.pop_punct();
            let last = of.segments.last()?.ident.to_string();
            last.starts_with(char::is_uppercase).then(|| parse_quote!(#of))
        }
        _ => None,
    }
}

/// The type of a literal that leaves no choice: `true`, `Some(false)`.
fn literal(expr: &Expr) -> Option<Type> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Bool(_) => Some(parse_quote!(bool)),
            _ => None,
        },
        Expr::Call(call) if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Some")) => {
            let of = literal(call.args.first()?)?;
            Some(parse_quote!(Option<#of>))
        }
        _ => None,
    }
}
