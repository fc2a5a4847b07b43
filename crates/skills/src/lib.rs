//! What a team knows and what its agents may call.
//!
//! Actors. A [skill](skills) describes a problem and holds an [SOP](sop): Markdown for people, some steps of
//! which the server can do itself. A [binding](bindings) ties a pattern of alerts to a skill. A [tool](tools) is
//! something an SOP or a model may call: JavaScript in a sandbox, or a tool of an MCP server.
//!
//! Flow. An alert is [matched](matching): first by bindings, then by meaning. Whoever runs the skill follows
//! its SOP, opens each tool with [`tools::prepare`] inside a transaction and calls it with [`Toolbox::call`]
//! outside of one. Saving a skill checks its SOP and embeds its description; a reconciler makes embeddings again
//! where they are missing or another model is configured.
//!
//! Invariants. What customers wrote is limited in time, memory, output and reach. No secret is in a result, a log
//! or an error. This crate never writes an alert or an issue; it reads `alerts` and `issues` in one query only,
//! for the dry run ([`matching::dry_run`]), because "which past alerts would this match?" is asked here.

pub mod bindings;
pub mod events;
pub mod import;
pub mod matching;
pub mod permissions;
pub mod skills;
pub mod sop;
mod tables;
#[cfg(test)]
mod testing;
pub mod tools;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use llm::Embedder;
use platform::{App, domain::Domain};

pub use matching::{AlertText, Candidate, How, Matched, MatchedSkill, Query};
pub use tools::{ToolOutcome, Toolbox};

kernel::ids! {
    SkillId
    /// A pattern that ties alerts to a skill.
    BindingId
    ToolId
}

/// Settings of this crate.
#[derive(Clone, Debug)]
pub struct Options {
    pub matching: matching::Options,
    pub sandbox: tools::sandbox::Options,
    /// The command lines that an MCP tool may start on this server, each as one text. None unless the operator
    /// says so, because it runs a program with the server's rights.
    pub mcp_stdio: Vec<String>,
    /// No call of a tool takes longer, of whatever kind it is.
    pub longest_call: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            matching: matching::Options::default(),
            sandbox: tools::sandbox::Options::default(),
            mcp_stdio: Vec::new(),
            longest_call: Duration::from_secs(300),
        }
    }
}

#[derive(Clone)]
pub struct Deps {
    pub app: App,
    pub embedder: Arc<dyn Embedder>,
    pub toolbox: Toolbox,
    pub matching: matching::Options,
}

impl Deps {
    pub fn new(app: App, embedder: Arc<dyn Embedder>, options: Options) -> Self {
        let matching = options.matching;
        let toolbox = Toolbox::new(app.outbound.clone(), options);
        Self { app, embedder, toolbox, matching }
    }
}

/// What skills and tools bring.
pub fn domain(deps: Deps) -> Domain {
    let router = skills::routes().merge(matching::routes()).merge(bindings::routes()).merge(tools::routes());
    let mut domain = Domain {
        events: events::ALL,
        permissions: permissions::PERMISSIONS,
        tables: tables::TABLES,
        ..Domain::new("skills")
    };
    let embedder = deps.embedder.clone();
    domain.cron.every(TimeDelta::minutes(1), "embed_skills", move |db| {
        let embedder = embedder.clone();
        async move { skills::embed_stale(&db, &*embedder).await.map(drop) }
    });
    Domain { api: router.with_state(deps), ..domain }
}
