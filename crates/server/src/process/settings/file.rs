//! The TOML file of settings.

use std::{ffi::OsString, fs, path::PathBuf};

use clap::Command;
use kernel::{Error, Result};

/// The file named by `--config` or `STEWARD_CONFIG`, as defaults for `command`, so that flags and environment
/// come first.
///
/// # Errors
/// `invalid_setting`, naming the file and the key.
#[expect(clippy::disallowed_methods, reason = "the settings file is named by the environment")]
pub fn with_file(command: Command, arguments: &[OsString]) -> Result<Command> {
    let named = arguments.iter().enumerate().find_map(|(at, argument)| {
        let text = argument.to_str()?;
        text.strip_prefix("--config=")
            .map(PathBuf::from)
            .or_else(|| (text == "--config").then(|| arguments.get(at + 1).map(PathBuf::from)).flatten())
    });
    let Some(path) = named.or_else(|| std::env::var("STEWARD_CONFIG").ok().map(PathBuf::from)) else {
        return Ok(command);
    };
    let wrong = |detail: String| Error::field("invalid_setting", path.display().to_string(), detail);
    let text = fs::read_to_string(&path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))?;
    let mut values = Vec::new();
    for (key, value) in table {
        values.push((
            as_text(&value).ok_or_else(|| wrong(format!("{key}: must be text, a number or a list")))?,
            key,
        ));
    }
    // Every key must belong to some subcommand.
    for (_, key) in &values {
        let known =
            command.get_subcommands().any(|sub| sub.get_arguments().any(|argument| argument.get_id() == key));
        if !known {
            return Err(wrong(format!("{key}: there is no such setting; `steward serve --help` lists them")));
        }
    }
    Ok(command.mut_subcommands(|mut sub| {
        for (value, key) in &values {
            if sub.get_arguments().any(|argument| argument.get_id() == key) {
                let value = value.clone();
                sub = sub.mut_arg(key, |argument| argument.default_value(clap::builder::OsStr::from(value)));
            }
        }
        sub
    }))
}

fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(value.to_string()),
        toml::Value::Array(items) => {
            items.iter().map(as_text).collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        _ => None,
    }
}
