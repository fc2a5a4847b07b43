//! Calling a tool.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use kernel::{OrgId, Redactor, Result, Secret};
use platform::{
    db::TenantTx,
    outbound::Outbound,
    secrets::{Keyring, Name, counting},
};
use serde_json::{Map, Value};
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    mcp::{Mcp, McpTool, Server},
    model::{Config, CustomCode, McpConfig},
    sandbox::{Limits, Output, Program, Sandbox},
    schema,
    store::RunnableTool,
};
use crate::Options;

/// Bytes of a result that are kept; what is longer becomes text that was cut.
const MAX_RESULT: usize = 256 * 1024;

/// What came of a call. No secret value is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolOutcome {
    /// What the tool answered, or why it did not.
    pub result: Result<Value, String>,
    /// What its code wrote to the console.
    pub logs: Vec<String>,
    pub duration_ms: i64,
    /// The result was too long and is a text that was cut.
    pub truncated: bool,
}

/// A tool with its secrets opened. Keep it inside the call that needs it.
pub struct Prepared {
    org: OrgId,
    input_schema: Value,
    work: Work,
}

enum Work {
    Code(Program),
    Mcp {
        server: Server,
        tool: String,
        redactor: Redactor,
    },
    /// It cannot be called, for this reason.
    Refused(String),
}

impl Prepared {
    #[cfg(test)]
    pub fn of_mcp(org: OrgId, server: Server, tool: &str) -> Self {
        let work = Work::Mcp { server, tool: tool.to_owned(), redactor: Redactor::default() };
        Self { org, input_schema: serde_json::json!({}), work }
    }
}

/// Calls tools.
#[derive(Clone)]
pub struct Toolbox {
    sandbox: Sandbox,
    mcp: Mcp,
    longest: Duration,
}

/// Opens what a call of this tool needs. A tool that cannot be called is prepared as well: its call says why.
pub async fn prepare(tx: &mut TenantTx, keyring: &Keyring, tool: &RunnableTool) -> Result<Prepared> {
    let work = match Config::parse(tool.kind, &tool.config) {
        Ok(Config::CustomCode(config)) => prepare_code(tx, keyring, config).await?,
        Ok(Config::Mcp(config)) => prepare_mcp(tx, keyring, config).await?,
        Err(error) => Work::Refused(format!("its configuration is wrong: {error}")),
    };
    Ok(Prepared { org: tx.org(), input_schema: tool.input_schema.clone(), work })
}

async fn prepare_code(tx: &mut TenantTx, keyring: &Keyring, config: CustomCode) -> Result<Work> {
    let defaults = Limits::default();
    let limits = Limits {
        time: config.timeout_ms.map_or(defaults.time, Duration::from_millis),
        memory: config
            .memory_mb
            .map_or(defaults.memory, |mb| usize::try_from(mb << 20).unwrap_or(defaults.memory)),
        ..defaults
    };
    let named = config.secrets.iter().map(|key| (key.clone(), key.clone()));
    Ok(match open_all(tx, keyring, named).await? {
        Ok(Opened { secrets, earlier }) => {
            let CustomCode { code, allowed_hosts, .. } = config;
            Work::Code(Program { code, allowed_hosts, secrets, earlier, limits })
        }
        Err(missing) => Work::Refused(missing),
    })
}

async fn prepare_mcp(tx: &mut TenantTx, keyring: &Keyring, config: McpConfig) -> Result<Work> {
    Ok(match server(tx, keyring, &config).await? {
        Ok((server, redactor)) => Work::Mcp { server, tool: config.tool().to_owned(), redactor },
        Err(missing) => Work::Refused(missing),
    })
}

/// The server of an MCP tool, with its headers opened; or why it cannot be.
pub async fn server(
    tx: &mut TenantTx,
    keyring: &Keyring,
    config: &McpConfig,
) -> Result<Result<(Server, Redactor), String>> {
    Ok(match config {
        McpConfig::Stdio { command, args, .. } => {
            let server = Server::stdio(command.clone(), args.clone(), config.patience());
            Ok((server, Redactor::default()))
        }
        McpConfig::Http { url, headers, .. } => {
            let named = headers.iter().map(|(name, key)| (name.clone(), key.clone()));
            let opened = open_all(tx, keyring, named).await?;
            opened.map(|Opened { secrets, earlier }| {
                let redactor = Redactor::new(secrets.iter().map(|(_, value)| value).chain(&earlier));
                (Server::http(url.clone(), secrets, config.patience()), redactor)
            })
        }
    })
}

/// Secrets for one call.
struct Opened {
    /// By the names that a tool has for them.
    secrets: Vec<(String, Secret<String>)>,
    /// Earlier versions that still count: they go nowhere, but whoever was given one may repeat it.
    earlier: Vec<Secret<String>>,
}

/// The named secrets' values; or which one is missing.
async fn open_all(
    tx: &mut TenantTx,
    keyring: &Keyring,
    named: impl Iterator<Item = (String, String)>,
) -> Result<Result<Opened, String>> {
    let (mut secrets, mut earlier) = (Vec::new(), Vec::new());
    for (name, key) in named {
        let mut versions = counting(tx, keyring, Name::new("general", &key)).await?.into_iter();
        let Some(current) = versions.next() else {
            return Ok(Err(format!("the secret `{key}` is not set; put it into the settings (general)")));
        };
        secrets.push((name, current.value));
        earlier.extend(versions.map(|version| version.value));
    }
    Ok(Ok(Opened { secrets, earlier }))
}

impl Toolbox {
    pub fn new(outbound: Outbound, options: Options) -> Self {
        let longest = options.longest_call;
        let sandbox = Sandbox::new(outbound.clone(), options.sandbox);
        Self { sandbox, mcp: Mcp::new(outbound, options.mcp_stdio), longest }
    }

    pub const fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// What an MCP server offers.
    pub async fn list(&self, server: &Server) -> Result<Vec<McpTool>, String> {
        self.in_time(self.mcp.list(server)).await
    }

    /// Calls a tool. Not inside a transaction. Whoever drops the future ends the call, and the processes that it runs in.
    pub async fn call(&self, prepared: Prepared, arguments: Map<String, Value>) -> ToolOutcome {
        let started = Instant::now();
        let Prepared { org, input_schema, work } = prepared;
        let Output { result, logs } = match self.check(input_schema, arguments).await {
            Ok(arguments) => self.work(org, work, arguments).await,
            Err(error) => Output { result: Err(error), logs: Vec::new() },
        };
        let (result, truncated) = match result {
            Ok(value) => bounded(value),
            Err(error) => (Err(error), false),
        };
        let duration_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        ToolOutcome { result, logs, duration_ms, truncated }
    }

    /// Answers the arguments if they fit. That may take a while, so it keeps none of the threads that serve requests.
    async fn check(&self, schema: Value, arguments: Map<String, Value>) -> Result<Value, String> {
        let arguments = Value::Object(arguments);
        let check = spawn_blocking(move || schema::check(&schema, &arguments).map(|()| arguments));
        self.in_time(async { check.await.map_err(|error| error.to_string())? }).await
    }

    async fn work(&self, org: OrgId, work: Work, arguments: Value) -> Output {
        let work = async {
            let result = match work {
                Work::Code(program) => return Ok(self.sandbox.run(org, program, arguments).await),
                Work::Refused(reason) => Err(reason),
                Work::Mcp { server, tool, redactor } => {
                    let result = self.mcp.call(&server, tool, arguments).await;
                    result.map(|value| redactor.json(value)).map_err(|error| redactor.text(&error))
                }
            };
            Ok(Output { result, logs: Vec::new() })
        };
        let late = |error| Output { result: Err(error), logs: Vec::new() };
        self.in_time(work).await.unwrap_or_else(late)
    }

    /// The limit behind the shorter ones that each kind has of its own.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
        let late = || Err(format!("the tool did not end within {} s", self.longest.as_secs()));
        timeout(self.longest, work).await.unwrap_or_else(|_| late())
    }
}

fn bounded(value: Value) -> (Result<Value, String>, bool) {
    let text = match &value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.len() <= MAX_RESULT {
        return (Ok(value), false);
    }
    (Ok(Value::String(text[..text.floor_char_boundary(MAX_RESULT)].to_owned())), true)
}
