//! `fetch` for programs: only to the hosts their tool names, only through the guarded client, which refuses
//! private addresses and follows no redirect. It is the server that sends; a sandbox's process has no network.

use futures::StreamExt;
use platform::outbound::Outbound;
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::{Deserialize, Serialize};
use serde_json::{
    json,
    value::{RawValue, to_raw_value},
};
use url::Url;

/// Headers that say where a request goes and how it is framed are not the program's to set.
const RESERVED: [&str; 5] = ["host", "content-length", "transfer-encoding", "connection", "upgrade"];

/// What one run may request.
pub struct Gate {
    outbound: Outbound,
    allowed_hosts: Vec<String>,
    max_body: usize,
}

/// A request as the prelude writes it.
#[derive(Serialize, Deserialize)]
pub struct Request {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// A response as the prelude reads it.
#[derive(Serialize)]
struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Gate {
    pub fn new(outbound: Outbound, allowed_hosts: Vec<String>, max_body: usize) -> Self {
        Self { outbound, allowed_hosts, max_body }
    }

    /// Sends a request; answers a response, or `{"error": …}`, as JSON.
    ///
    /// # Errors
    /// When the answer cannot be written as JSON.
    pub async fn fetch(&self, request: Request) -> serde_json::Result<Box<RawValue>> {
        match self.send(request).await {
            Ok(response) => to_raw_value(&response),
            Err(error) => to_raw_value(&json!({ "error": error })),
        }
    }

    async fn send(&self, request: Request) -> Result<Response, String> {
        let url = Url::parse(&request.url).map_err(|error| format!("{} is no URL: {error}", request.url))?;
        self.admit(&url)?;
        let method =
            Method::from_bytes(request.method.to_ascii_uppercase().as_bytes()).map_err(|e| e.to_string())?;
        let mut sent = self.outbound.request(method, &url).map_err(|error| error.to_string())?;
        sent = sent.headers(headers(&request.headers)?);
        if let Some(body) = request.body {
            sent = sent.body(body);
        }
        let answer = sent.send().await.map_err(|error| describe(&error))?;
        let status = answer.status().as_u16();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let mut body = Vec::new();
        let mut chunks = answer.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            body.extend_from_slice(&chunk.map_err(|error| describe(&error))?);
            if body.len() > self.max_body {
                return Err(format!("the response is larger than {} bytes", self.max_body));
            }
        }
        Ok(Response { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn admit(&self, url: &Url) -> Result<(), String> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let with_port = format!("{host}:{port}");
        if self.allowed_hosts.iter().any(|allowed| *allowed == host || *allowed == with_port) {
            return Ok(());
        }
        Err(format!("the tool may not call {with_port}; add it to its allowed hosts"))
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let name: HeaderName = name.parse().map_err(|_| format!("{name} is no name of a header"))?;
        if RESERVED.contains(&name.as_str()) {
            return Err(format!("the header {name} cannot be set"));
        }
        let value =
            HeaderValue::from_str(value).map_err(|_| format!("the value of header {name} is not allowed"))?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// The error with its causes, which say why a host was not reached.
fn describe(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
