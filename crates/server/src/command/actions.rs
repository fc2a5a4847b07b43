//! What the commands with several actions can do.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};

use crate::process::settings::{Nats, SecretText};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Direction {
    Up,
    Down,
    Status,
}

#[derive(Subcommand, Debug)]
pub enum AdminAction {
    /// Make an organization
    CreateOrg {
        /// Its short name in addresses and tokens: a-z, 0-9 and -
        slug: String,
        /// Its name [default: the slug]
        #[arg(long)]
        name: Option<String>,
    },
    /// Shut an organization out; running servers follow within two seconds
    SuspendOrg { slug: String },
    /// Let a suspended organization in again
    ActivateOrg { slug: String },
    /// Make a person a member at once; you vouch for their address
    ///
    /// In the console, admins invite instead, and the person accepts.
    CreateUser {
        /// The organization's slug
        #[arg(long)]
        org: String,
        email: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long, default_value = "admin")]
        role: tenancy::Role,
        /// [default: a random one, printed once]
        #[arg(long, env = "STEWARD_PASSWORD", hide_env_values = true)]
        password: Option<SecretText>,
        /// For somebody who has an account already, or signs in with Supabase
        #[arg(long, conflicts_with = "password")]
        no_password: bool,
    },
    /// Set a person's password and end their sessions
    SetPassword {
        email: String,
        /// The slug of the organization, for an account that is not verified
        #[arg(long)]
        org: Option<String>,
        /// [default: a random one, printed once]
        #[arg(long, env = "STEWARD_PASSWORD", hide_env_values = true)]
        password: Option<SecretText>,
    },
    /// Vouch for the address of an account that only one organization knows; whatever opened it before is discarded
    VerifyEmail {
        email: String,
        /// The organization's slug
        #[arg(long)]
        org: String,
        /// [default: a random one, printed once]
        #[arg(long, env = "STEWARD_PASSWORD", hide_env_values = true)]
        password: Option<SecretText>,
    },
    /// Make an access token of the organization; it is printed once
    CreateToken {
        #[arg(long)]
        org: String,
        name: String,
        /// ingest: post alerts; api: what the role may do
        #[arg(long, value_delimiter = ',', default_value = "ingest", value_parser = token_scope)]
        scopes: Vec<tenancy::TokenScope>,
        #[arg(long, default_value = "api")]
        role: tenancy::Role,
        /// The slug of a unit or team that the token counts at, with all below it
        #[arg(long)]
        node: Option<String>,
        /// RFC 3339; never when absent
        #[arg(long)]
        expires_at: Option<DateTime<Utc>>,
    },
}

#[derive(Subcommand, Debug)]
pub enum SkillsAction {
    /// Read Markdown runbooks and SKILL.md folders as they are
    Import {
        dir: PathBuf,
        /// The organization's slug
        #[arg(long)]
        org: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum FilesAction {
    /// Write, read, list and delete a probe where files are kept, and say how long each took and what is wrong
    Check,
    /// Copy all files from one place to another, such as from a folder to a bucket; call it again where it was broken off
    Copy {
        /// A folder, or s3://bucket/prefix
        #[arg(long, value_name = "URL")]
        from: String,
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum StreamsAction {
    /// Let a customer's program read an organization's events: make its place in the stream, and print its account for nats-server's
    /// configuration, with a new password
    Reader {
        /// The organization's slug
        #[arg(long)]
        org: String,
        /// Name of the program; each has a place and an account of its own
        #[arg(long, default_value = "events", value_parser = word)]
        name: String,
        /// Kinds that it may read, or what they begin with: issue, run.concluded.v1 [default: all]
        #[arg(long, value_delimiter = ',')]
        kinds: Vec<String>,
        #[command(flatten)]
        nats: Nats,
    },
}

/// One word in names of NATS.
fn word(text: &str) -> Result<String, &'static str> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let short = (1..=32).contains(&text.len());
    if short && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("must be up to 32 of a-z, 0-9 and _")
    }
}

#[derive(Subcommand, Debug)]
pub enum SecretsAction {
    /// Print a new master key
    Generate,
    /// Wrap every data key with the current master key, so that older ones can be taken out
    Rotate,
    /// Take the given keys as the right ones, after the pepper was changed or a master key was lost
    Accept,
}

fn token_scope(text: &str) -> Result<tenancy::TokenScope, &'static str> {
    tenancy::TokenScope::parse(text).ok_or("must be api or ingest")
}
