//! A tool and what makes it acceptable.

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use kernel::{Code, Error, FieldError, NodeId, OrgId, Result};
use platform::http::{Caller, Permission, SettingsWrite};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{mcp::PATIENCE, sandbox::Sandbox, schema};
use crate::skills::Status;

const MAX_CODE: usize = 64 * 1024;
const MAX_DESCRIPTION: usize = 4_000;
const MAX_SCHEMA: usize = 64 * 1024;
const TIMEOUT_MS: RangeInclusive<u64> = 100..=60_000;
/// Up to the longest call ([`crate::Options::longest_call`]).
const MCP_TIMEOUT_MS: RangeInclusive<u64> = 100..=300_000;
const MEMORY_MB: RangeInclusive<u64> = 1..=128;

/// How a tool is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ToolKind {
    /// A tool of an MCP server.
    Mcp,
    /// JavaScript in the sandbox.
    CustomCode,
}

/// What people say about a tool.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolInput {
    /// Letters, digits and `_`, up to 64; SOPs and models call the tool by it.
    pub name: String,
    /// What it does, for people and models.
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: ToolKind,
    /// `custom_code`: `{code, allowed_hosts?, timeout_ms?, memory_mb?, secrets?}`;
    /// `mcp`: `{transport: "http", url, tool, headers?, timeout_ms?}` or `{transport: "stdio", command, args?, tool,
    /// timeout_ms?}`.
    pub config: Value,
    /// JSON Schema of the arguments; any object unless given.
    pub input_schema: Option<Value>,
    /// Active unless given; a change without it leaves it as it is.
    pub status: Option<Status>,
    /// The node that owns it: it is called for what that node and those below it have, and changed there and above. Null is
    /// for the whole organization. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<NodeId>)]
    pub node_id: Option<Option<NodeId>>,
}

/// How a tool is reached.
#[derive(Clone, Debug, PartialEq)]
pub enum Config {
    CustomCode(CustomCode),
    Mcp(McpConfig),
}

/// JavaScript: a module with `export default async function (input) { … }`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomCode {
    pub code: String,
    /// Hosts that `fetch` may call: `host` for every port, or `host:port`.
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    pub timeout_ms: Option<u64>,
    pub memory_mb: Option<u64>,
    /// Keys of sealed settings (type `general`) that the code finds in `secrets`.
    #[serde(default)]
    pub secrets: Vec<String>,
}

/// A tool of an MCP server.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "transport", rename_all = "snake_case", deny_unknown_fields)]
pub enum McpConfig {
    /// Streamable HTTP.
    Http {
        url: url::Url,
        /// Its name on the server.
        #[serde(default)]
        tool: String,
        /// Names of headers, and the keys of sealed settings (type `general`) that hold their values.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// How long it may say nothing.
        timeout_ms: Option<u64>,
    },
    /// A program on this server that speaks MCP on its standard input and output.
    Stdio {
        command: String,
        #[serde(default)]
        args: Vec<String>,
        #[serde(default)]
        tool: String,
        timeout_ms: Option<u64>,
    },
}

impl Config {
    /// Fails with what is wrong with it.
    pub fn parse(kind: ToolKind, config: &Value) -> Result<Self, String> {
        let parsed = match kind {
            ToolKind::CustomCode => serde_json::from_value(config.clone()).map(Self::CustomCode),
            ToolKind::Mcp => serde_json::from_value(config.clone()).map(Self::Mcp),
        };
        parsed.map_err(|error| error.to_string())
    }

    /// Whether sealed settings are opened for it.
    pub fn takes_secrets(&self) -> bool {
        match self {
            Self::CustomCode(config) => !config.secrets.is_empty(),
            Self::Mcp(McpConfig::Http { headers, .. }) => !headers.is_empty(),
            Self::Mcp(McpConfig::Stdio { .. }) => false,
        }
    }

    /// Who says where a tool's requests go could send it the secrets that it is given. So only somebody who may set
    /// them may say that.
    ///
    /// # Errors
    /// `forbidden`
    pub fn allow(&self, caller: &Caller) -> Result<()> {
        if self.takes_secrets() && !caller.may(SettingsWrite::NAME) {
            let detail =
                format!("this tool is given secrets; changing what it does needs {}", SettingsWrite::NAME);
            return Err(Error::forbidden("forbidden", detail));
        }
        Ok(())
    }
}

impl McpConfig {
    fn timeout_ms(&self) -> Option<u64> {
        match self {
            Self::Http { timeout_ms, .. } | Self::Stdio { timeout_ms, .. } => *timeout_ms,
        }
    }

    /// How long its server may say nothing.
    pub fn patience(&self) -> Duration {
        self.timeout_ms().map_or(PATIENCE, Duration::from_millis)
    }

    fn check(&self, wrong: &mut impl FnMut(&str, String)) {
        if self.tool().is_empty() {
            wrong("/config/tool", "names the tool of the server".into());
        }
        check_timeout(self.timeout_ms(), MCP_TIMEOUT_MS, wrong);
    }

    /// The tool's name on its server.
    pub fn tool(&self) -> &str {
        match self {
            Self::Http { tool, .. } | Self::Stdio { tool, .. } => tool,
        }
    }
}

impl ToolInput {
    pub fn schema(&self) -> Value {
        self.input_schema.clone().unwrap_or_else(|| json!({ "type": "object" }))
    }

    /// The configuration; fails with every place that is wrong: `invalid_tool`, or `unavailable` when code cannot be checked
    /// now.
    pub async fn check(&self, sandbox: &Sandbox, org: OrgId) -> Result<Config> {
        let mut fields = Vec::new();
        let mut wrong =
            |pointer: &str, detail: String| fields.push(FieldError { pointer: pointer.into(), detail });
        if !is_name(&self.name) {
            wrong("/name", "must be 1 to 64 letters, digits and `_`, not starting with a digit".into());
        }
        if self.description.as_ref().is_some_and(|text| text.chars().count() > MAX_DESCRIPTION) {
            wrong("/description", format!("is longer than {MAX_DESCRIPTION} characters"));
        }
        let schema = self.schema();
        if schema.to_string().len() > MAX_SCHEMA {
            wrong("/input_schema", format!("is longer than {MAX_SCHEMA} bytes"));
        } else if let Err(error) = schema::validate(&schema) {
            wrong("/input_schema", error);
        }
        let config = Config::parse(self.kind, &self.config);
        match &config {
            Err(detail) => wrong("/config", detail.clone()),
            Ok(Config::CustomCode(config)) => config.check(sandbox, org, &mut wrong).await?,
            Ok(Config::Mcp(config)) => config.check(&mut wrong),
        }
        if let (Ok(config), true) = (config, fields.is_empty()) {
            return Ok(config);
        }
        let detail = "the tool cannot be saved as it is".into();
        Err(Error::Invalid { code: Code("invalid_tool"), detail, fields })
    }
}

impl CustomCode {
    async fn check(&self, sandbox: &Sandbox, org: OrgId, wrong: &mut impl FnMut(&str, String)) -> Result<()> {
        check_timeout(self.timeout_ms, TIMEOUT_MS, wrong);
        if self.memory_mb.is_some_and(|mb| !MEMORY_MB.contains(&mb)) {
            wrong("/config/memory_mb", format!("must be from {} to {}", MEMORY_MB.start(), MEMORY_MB.end()));
        }
        if let Some(at) = self.allowed_hosts.iter().position(|host| !is_host(host)) {
            wrong(&format!("/config/allowed_hosts/{at}"), "must be `host` or `host:port`".into());
        }
        if self.code.len() > MAX_CODE {
            wrong("/config/code", format!("is longer than {MAX_CODE} bytes"));
        } else if let Err(error) = sandbox.check(org, &self.code).await? {
            wrong("/config/code", error);
        }
        Ok(())
    }
}

fn check_timeout(given: Option<u64>, allowed: RangeInclusive<u64>, wrong: &mut impl FnMut(&str, String)) {
    if given.is_some_and(|ms| !allowed.contains(&ms)) {
        wrong("/config/timeout_ms", format!("must be from {} to {}", allowed.start(), allowed.end()));
    }
}

fn is_name(name: &str) -> bool {
    let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    word && (1..=64).contains(&name.len()) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn is_host(host: &str) -> bool {
    let url = url::Url::parse(&format!("http://{host}"));
    url.is_ok_and(|url| url.path() == "/" && url.username().is_empty() && url.query().is_none())
        && !host.contains(['/', '@'])
}
