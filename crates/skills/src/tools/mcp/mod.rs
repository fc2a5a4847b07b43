//! Client of MCP servers (Model Context Protocol, <https://modelcontextprotocol.io/specification>).
//!
//! A server is reached by streamable HTTP, through the guarded client, or is a program on this machine that is
//! started for one call and speaks on its standard input and output ([`program`]). Because that runs with the server's
//! rights, only command lines that the operator listed are started, with an empty environment.
//!
//! A server that says nothing for as long as its tool's patience is given up. News of its progress extends that, up to the
//! limit that every call has ([`super::Toolbox`]).

mod http;
mod program;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use kernel::Secret;
use platform::outbound::Outbound;
use reqwest::header::{HeaderName, HeaderValue};
use rmcp::{
    RoleClient, ServiceExt,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, ContentBlock,
        PaginatedRequestParams, ServerResult,
    },
    service::{PeerRequestOptions, RunningService, ServiceError},
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{
    process::{ChildStdin, ChildStdout},
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use http::SessionClient;
use program::Program;

/// How long a server may say nothing, unless its tool says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How long a session over HTTP may take to end.
const LEAVE: Duration = Duration::from_secs(2);
/// Bytes of one answer.
const MAX_ANSWER: usize = 4 << 20;
/// What a server may list: pages, tools, and bytes of those.
const MAX_PAGES: usize = 50;
const MAX_TOOLS: usize = 1_000;
const MAX_LIST: usize = 8 << 20;

/// An MCP server, and how long it may say nothing.
pub struct Server {
    place: Place,
    patience: Duration,
}

enum Place {
    Http { url: Url, headers: Vec<(String, Secret<String>)> },
    Stdio { command: String, args: Vec<String> },
}

impl Server {
    pub const fn http(url: Url, headers: Vec<(String, Secret<String>)>, patience: Duration) -> Self {
        Self { place: Place::Http { url, headers }, patience }
    }

    pub const fn stdio(command: String, args: Vec<String>, patience: Duration) -> Self {
        Self { place: Place::Stdio { command, args }, patience }
    }
}

/// A tool that a server offers.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct McpTool {
    pub name: String,
    #[schema(required)]
    pub description: Option<String>,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
}

impl McpTool {
    fn bytes(&self) -> usize {
        let description = self.description.as_ref().map_or(0, String::len);
        self.name.len() + description + self.input_schema.to_string().len()
    }
}

impl From<rmcp::model::Tool> for McpTool {
    fn from(tool: rmcp::model::Tool) -> Self {
        Self {
            name: tool.name.to_string(),
            description: tool.description.map(|text| text.to_string()),
            input_schema: Value::Object((*tool.input_schema).clone()),
        }
    }
}

/// Calls MCP servers.
#[derive(Clone)]
pub struct Mcp {
    outbound: Outbound,
    stdio: Arc<[String]>,
}

/// A session, and the program that was started for it.
struct Session {
    client: RunningService<RoleClient, ()>,
    /// Ends what it asks over HTTP.
    _open: DropGuard,
    program: Option<Program>,
}

impl Mcp {
    /// `stdio` are the command lines that may be started.
    pub fn new(outbound: Outbound, stdio: Vec<String>) -> Self {
        Self { outbound, stdio: stdio.into() }
    }

    /// What the server offers.
    pub async fn list(&self, server: &Server) -> Result<Vec<McpTool>, String> {
        let session = self.connect(server).await?;
        let listed = timeout(server.patience, session.list()).await;
        session.leave().await;
        listed.map_err(|_| silent(server.patience))?
    }

    /// Calls a tool of the server. Whoever drops the future ends the session, and the program if it is one.
    pub async fn call(&self, server: &Server, tool: String, arguments: Value) -> Result<Value, String> {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => serde_json::Map::new(),
        };
        let params = CallToolRequestParams::new(tool).with_arguments(arguments);
        let session = self.connect(server).await?;
        let called = session.call(params, server.patience).await;
        session.leave().await;
        answer(called?)
    }

    async fn connect(&self, server: &Server) -> Result<Session, String> {
        let ended = CancellationToken::new();
        let open = ended.clone().drop_guard();
        let connecting = async {
            Ok(match &server.place {
                Place::Http { url, headers } => {
                    let client = ().serve(self.http(url, headers, ended)?).await.map_err(|e| e.to_string())?;
                    Session { client, _open: open, program: None }
                }
                Place::Stdio { command, args } => {
                    let (program, output, input) = self.start(command, args)?;
                    let client = ().serve((output, input)).await.map_err(|e| e.to_string())?;
                    Session { client, _open: open, program: Some(program) }
                }
            })
        };
        timeout(server.patience, connecting).await.map_err(|_| silent(server.patience))?
    }

    fn http(
        &self,
        url: &Url,
        headers: &[(String, Secret<String>)],
        ended: CancellationToken,
    ) -> Result<StreamableHttpClientTransport<SessionClient>, String> {
        // the guard admits the address now, and the client it guards checks what its name leads to
        let guarded = self.outbound.patient(url).map_err(|error| error.to_string())?;
        let mut custom = std::collections::HashMap::new();
        for (name, value) in headers {
            let header: HeaderName = name.parse().map_err(|_| format!("{name} is no name of a header"))?;
            let value = HeaderValue::from_str(value.expose())
                .map_err(|_| format!("the secret for header {name} cannot stand in a header"))?;
            custom.insert(header, value);
        }
        let config = StreamableHttpClientTransportConfig::with_uri(url.as_str())
            .custom_headers(custom)
            .max_sse_event_size(MAX_ANSWER);
        Ok(StreamableHttpClientTransport::with_client(SessionClient::new(guarded, ended), config))
    }

    fn start(&self, command: &str, args: &[String]) -> Result<(Program, ChildStdout, ChildStdin), String> {
        let asked = || std::iter::once(command).chain(args.iter().map(String::as_str));
        if !self.stdio.iter().any(|allowed| allowed.split_whitespace().eq(asked())) {
            let line = asked().collect::<Vec<_>>().join(" ");
            return Err(format!("the operator of this server does not allow to start `{line}`"));
        }
        Program::start(command, args).map_err(|error| format!("{command} cannot be started: {error}"))
    }
}

impl Session {
    /// Page by page. Each names the next, so a server could go on for ever.
    async fn list(&self) -> Result<Vec<McpTool>, String> {
        let (mut tools, mut bytes, mut cursor) = (Vec::new(), 0, None);
        for _ in 0..MAX_PAGES {
            let page =
                self.client.list_tools(Some(PaginatedRequestParams::default().with_cursor(cursor))).await;
            let page = page.map_err(|error| error.to_string())?;
            tools.extend(page.tools.into_iter().map(McpTool::from).inspect(|tool| bytes += tool.bytes()));
            if tools.len() > MAX_TOOLS || bytes > MAX_LIST {
                return Err(format!("the MCP server lists more than {MAX_TOOLS} tools or {MAX_LIST} bytes"));
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(tools);
            }
        }
        Err(format!("the MCP server lists its tools on more than {MAX_PAGES} pages"))
    }

    async fn call(
        &self,
        params: CallToolRequestParams,
        patience: Duration,
    ) -> Result<CallToolResult, String> {
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::with_timeout(patience).reset_timeout_on_progress();
        let called =
            async { self.client.send_request_with_option(request, options).await?.await_response().await };
        match called.await {
            Ok(ServerResult::CallToolResult(result)) => Ok(result),
            Ok(_) => Err("the MCP server asks for more than the call of a tool".into()),
            Err(ServiceError::Timeout { .. }) => Err(silent(patience)),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Ends politely, but waits for nobody for long.
    async fn leave(self) {
        let _ = timeout(LEAVE, self.client.cancel()).await;
        if let Some(program) = self.program {
            program.leave().await;
        }
    }
}

fn silent(patience: Duration) -> String {
    format!("the MCP server said nothing for {} ms", patience.as_millis())
}

/// Structured content if there is any, else the text; text that is a JSON object or array is taken as that.
fn answer(result: CallToolResult) -> Result<Value, String> {
    let texts: Vec<&str> =
        result.content.iter().filter_map(|block| Some(block.as_text()?.text.as_str())).collect();
    let text = texts.join("\n");
    if result.is_error == Some(true) {
        return Err(if text.is_empty() { "the tool failed and did not say why".into() } else { text });
    }
    if let Some(structured) = result.structured_content {
        return Ok(structured);
    }
    if texts.len() < result.content.len() {
        let kinds = result.content.iter().map(|block| match block {
            ContentBlock::Text(text) => json!(text.text),
            other => serde_json::to_value(other).unwrap_or_default(),
        });
        return Ok(kinds.collect());
    }
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(value),
        _ => Ok(Value::String(text)),
    }
}
