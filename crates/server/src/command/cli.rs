//! The command line: one binary, a subcommand for each thing an operator does.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use kernel::Result;

use crate::{
    command::{
        actions::{AdminAction, Direction, FilesAction, SecretsAction, SkillsAction, StreamsAction},
        admin, cron, files, migrate, streams,
    },
    process::{
        database, serve,
        settings::{self, Database, Keys, Model, Settings},
    },
};

/// AI operations: every signal gets an owner, an answer and a record.
#[derive(Parser, Debug)]
#[command(name = "steward", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Clone, Debug)]
pub struct ConfigFile {
    /// TOML file of settings; flags and environment come before it
    #[arg(long, env = "STEWARD_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the API, the console and the hooks, and work on jobs
    Serve {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(flatten)]
        config: ConfigFile,
        /// Leave the jobs to `steward worker` processes
        #[arg(long, env = "STEWARD_NO_WORKER")]
        no_worker: bool,
    },
    /// Work on jobs only
    Worker {
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Change the schema; `serve` and `worker` bring it up by themselves
    Migrate {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        config: ConfigFile,
        #[arg(value_enum, default_value = "up")]
        direction: Direction,
        /// How many migrations `down` takes back
        #[arg(long, default_value_t = 1)]
        steps: usize,
    },
    /// List the periodic tasks: when they are due, how they went, and why they failed
    Cron {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Organizations, people and tokens, for the first start
    Admin {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        keys: Keys,
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        action: AdminAction,
    },
    /// What the team knows
    Skills {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        model: Box<Model>,
        #[command(flatten)]
        keys: Keys,
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        action: SkillsAction,
    },
    /// The keys that seal secrets
    Secrets {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        keys: Keys,
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        action: SecretsAction,
    },
    /// The streams in NATS that customers' programs read
    Streams {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        keys: Keys,
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        action: StreamsAction,
    },
    /// The files beside the database
    Files {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        files: Box<settings::Files>,
        #[command(flatten)]
        config: ConfigFile,
        #[command(subcommand)]
        action: FilesAction,
    },
    /// Run a command with the embedded database up: backups, psql, tests
    ///
    /// STEWARD_DATABASE_URL names the database for it, and PATH begins with the folder of pg_dump and pg_restore.
    Database {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        config: ConfigFile,
        /// A fresh database in memory-speed settings that is gone afterwards; its URL is in
        /// STEWARD_TEST_DATABASE_URL as well
        #[arg(long)]
        temporary: bool,
        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// Print the OpenAPI document
    Openapi {
        /// The page of all events instead
        #[arg(long)]
        events: bool,
        /// Write it to this folder instead, a file for each tag
        #[arg(long, value_name = "DIR", conflicts_with = "events")]
        parts: Option<PathBuf>,
    },
    /// A process that runs tools' programs; the server starts it
    #[command(hide = true)]
    Sandbox,
}

pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let command = match settings::with_file(Cli::command(), &arguments) {
        Ok(command) => command,
        Err(error) => return fail(&error),
    };
    let matches = command.get_matches_from(arguments);
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let done = |result: Result<()>| result.map(|()| ExitCode::SUCCESS);
    match command {
        Command::Serve { settings, no_worker, .. } => {
            done(serve::run(*settings, if no_worker { serve::Duty::Http } else { serve::Duty::All }))
        }
        Command::Worker { settings, .. } => done(serve::run(*settings, serve::Duty::Jobs)),
        Command::Migrate { database, direction, steps, .. } => {
            done(migrate::command(&database, direction, steps))
        }
        Command::Cron { database, .. } => done(cron::command(&database)),
        Command::Admin { database, keys, action, .. } => done(admin::command(&database, &keys, action)),
        Command::Skills { database, model, keys, action, .. } => {
            done(admin::skills_command(&database, &model, &keys, action))
        }
        Command::Streams { database, keys, action, .. } => done(streams::command(&database, &keys, action)),
        Command::Files { database, files: settings, action, .. } => {
            done(files::command(&settings, &database, action))
        }
        Command::Secrets { database, keys, action, .. } => {
            done(admin::secrets_command(&database, &keys, &action))
        }
        Command::Database { database, temporary, command, .. } => {
            let kept = if temporary { database::Keeping::Temporary } else { database::Keeping::Yes };
            database::exec(&database, kept, &command)
        }
        Command::Openapi { events, parts } => {
            done(crate::http::router::print_openapi(events, parts.as_deref()))
        }
        Command::Sandbox => Ok(skills::tools::sandbox::child::serve()),
    }
}

/// Prints an error with its causes, for a person at a terminal.
#[expect(clippy::print_stderr, reason = "the command line's own output")]
fn fail(error: &kernel::Error) -> ExitCode {
    eprintln!("steward: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
