//! Expressions and templates (MiniJinja), sandboxed: no files, no loaders, a limit on work and on output ([`guard`]).
//! An undefined value is an error that names it, never an empty string.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, Write},
    sync::LazyLock,
};

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde_json::Value as Json;

use super::guard;

/// Instructions one evaluation may take.
const FUEL: u64 = 50_000;
/// Bytes one template may write.
const MAX_OUTPUT: usize = 64 * 1024;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    // errors say which part of the source they are about
    environment.set_debug(true);
    guard::limit(&mut environment);
    environment
});

/// A condition or a value, such as `restarts.value > 3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub source: String,
    /// The variables it looks at.
    pub names: BTreeSet<String>,
}

/// Text with `{{ … }}` in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub source: String,
    pub names: BTreeSet<String>,
}

impl Expression {
    pub fn parse(source: &str) -> Result<Self, String> {
        let guarded = guard::expression(source)?;
        let compiled = ENVIRONMENT.compile_expression(&guarded).map_err(|error| describe(&error, source))?;
        let names = variables(compiled.undeclared_variables(false));
        Ok(Self { source: source.to_owned(), names })
    }

    /// Its value; fails with words a person can act on.
    pub fn evaluate(&self, scope: &Value) -> Result<Value, String> {
        let guarded = guard::expression(&self.source)?;
        let compiled =
            ENVIRONMENT.compile_expression(&guarded).map_err(|error| describe(&error, &self.source))?;
        match compiled.eval(scope.clone()) {
            Ok(value) if value.is_undefined() => Err(format!("`{}` is not defined", self.source)),
            Ok(value) => Ok(value),
            Err(error) => Err(explain(&error, &self.source, compiled.undeclared_variables(true), scope)),
        }
    }

    pub fn evaluate_json(&self, scope: &Value) -> Result<Json, String> {
        let value = self.evaluate(scope)?;
        serde_json::to_value(&value)
            .map_err(|error| format!("`{}` is not a JSON value: {error}", self.source))
    }
}

impl Template {
    pub fn parse(source: &str) -> Result<Self, String> {
        let guarded = guard::template(source)?;
        let compiled = ENVIRONMENT.template_from_str(&guarded).map_err(|error| describe(&error, source))?;
        let names = variables(compiled.undeclared_variables(false));
        Ok(Self { source: source.to_owned(), names })
    }

    pub fn render(&self, scope: &Value) -> Result<String, String> {
        let guarded = guard::template(&self.source)?;
        let compiled =
            ENVIRONMENT.template_from_str(&guarded).map_err(|error| describe(&error, &self.source))?;
        let mut output = Bounded(Vec::new());
        match compiled.render_captured_to(scope.clone(), &mut output) {
            Ok(_) => Ok(String::from_utf8_lossy(&output.0).into_owned()),
            Err(error) if error.kind() == ErrorKind::WriteFailure => {
                Err(format!("the text is longer than {MAX_OUTPUT} bytes"))
            }
            Err(error) => Err(explain(&error, &self.source, compiled.undeclared_variables(true), scope)),
        }
    }
}

fn variables(names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    names.into_iter().collect()
}

/// [`describe`] of an error while evaluating, which knows the value that is missing: the first in the source.
fn explain(error: &Error, source: &str, paths: HashSet<String>, scope: &Value) -> String {
    if error.kind() != ErrorKind::UndefinedError {
        return describe(error, source);
    }
    let mut paths: Vec<String> = paths.into_iter().collect();
    paths.sort_by_key(|path| source.find(path.as_str()));
    let missing = paths.iter().find_map(|path| undefined_part(path, scope));
    missing.map_or_else(|| describe(error, source), |part| format!("`{part}` is not defined"))
}

/// Of `labels.pod.name`, the shortest beginning that is not defined.
fn undefined_part<'a>(path: &'a str, scope: &Value) -> Option<&'a str> {
    let mut value = scope.clone();
    let mut end = 0;
    for name in path.split('.') {
        end += name.len();
        value = value.get_attr(name).ok()?;
        if value.is_undefined() {
            return Some(&path[..end]);
        }
        end += 1;
    }
    None
}

/// Says what is wrong in words, with the piece of the source it is about.
fn describe(error: &Error, source: &str) -> String {
    let piece = error.range().and_then(|range| source.get(range)).unwrap_or(source).trim();
    match (error.kind(), error.detail()) {
        (ErrorKind::UndefinedError, _) => format!("`{piece}` is not defined"),
        (ErrorKind::OutOfFuel, _) => format!("`{piece}` takes too long"),
        (kind, Some(detail)) => format!("{kind}: {detail} in `{source}`"),
        (kind, None) => format!("{kind} in `{source}`"),
    }
}

/// Refuses what goes beyond [`MAX_OUTPUT`].
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
