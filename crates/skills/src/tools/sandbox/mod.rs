//! JavaScript that customers wrote, run in QuickJS, in processes of its own.
//!
//! A program is a module with `export default async function (input) { … }`. It starts with nothing: no
//! files, no network, no environment, no modules to import. What it gets is `input`, the `secrets` its tool
//! names, a `console` whose lines are kept, and a `fetch` that reaches only the hosts of its tool and goes
//! through the guarded HTTP client ([`fetch`]). Memory, stack, time, requests and everything it returns are
//! limited ([`Limits`]). Secret values are taken out of whatever leaves ([`Redactor`]).
//!
//! An engine cannot be trusted to stop: a loop in native code never asks whether it may go on. So programs run in child
//! processes, which the server kills. The [`pool`] says whose turn it is and hands out a [`process`]; a [`call`] talks to
//! it ([`wire`]) and ends it at the limit. Inside ([`child`]) it has given up all it could ([`confine`], [`filter`]), and
//! each run has an [`engine`] of its own.

mod call;
pub mod child;
mod confine;
mod engine;
mod fetch;
mod filter;
mod json_text;
mod log;
mod pool;
mod process;
#[cfg(test)]
mod tests;
mod wire;

use std::{sync::Arc, time::Duration};

use kernel::{Error, OrgId, Redactor, Secret};
use platform::outbound::Outbound;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::to_raw_value};

use call::Bounds;
use fetch::Gate;
use log::Log;
use pool::{Lease, Pool};
use wire::{Run, ToChild};

pub use pool::Options;
pub use process::Executable;

/// What a run may use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Limits {
    /// Wall-clock time, requests included.
    pub time: Duration,
    /// Bytes of the JavaScript heap.
    pub memory: usize,
    /// Bytes of the JavaScript stack.
    pub stack: usize,
    /// Bytes of the result as JSON.
    pub output: usize,
    /// Bytes of all log lines together.
    pub logs: usize,
    /// Requests, refused ones included.
    pub fetches: usize,
    /// Bytes of one request as JSON.
    pub request: usize,
    /// Bytes of one response body.
    pub response: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            memory: 32 << 20,
            stack: 512 << 10,
            output: 1 << 20,
            logs: 16 << 10,
            fetches: 16,
            request: 1 << 20,
            response: 1 << 20,
        }
    }
}

/// One thing to run.
pub struct Program {
    pub code: String,
    /// `host` for every port, or `host:port`.
    pub allowed_hosts: Vec<String>,
    pub secrets: Vec<(String, Secret<String>)>,
    /// Values that it is not given and that are taken out of whatever leaves as well: those that were in use before.
    pub earlier: Vec<Secret<String>>,
    pub limits: Limits,
}

/// What came of it. No secret value is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The value the function returned, or what went wrong, with the line of the code where it is known.
    pub result: Result<Value, String>,
    pub logs: Vec<String>,
}

/// Runs programs, a few at a time.
#[derive(Clone)]
pub struct Sandbox {
    outbound: Outbound,
    pool: Arc<Pool>,
}

impl Sandbox {
    /// Starts no process before the first program.
    pub fn new(outbound: Outbound, options: Options) -> Self {
        Self { outbound, pool: Arc::new(Pool::new(options)) }
    }

    /// Calls the program's function with `input`. Whoever drops the future ends the program.
    pub async fn run(&self, org: OrgId, program: Program, input: Value) -> Output {
        match self.pool.lease(org).await {
            Ok(lease) => self.run_in(lease, program, &input).await,
            Err(refusal) => {
                metrics::counter!("steward_sandbox_calls_total", "outcome" => "refused").increment(1);
                Output { result: Err(refusal.text().into()), logs: Vec::new() }
            }
        }
    }

    async fn run_in(&self, lease: Lease, program: Program, input: &Value) -> Output {
        let Program { code, allowed_hosts, secrets, earlier, limits } = program;
        let redactor = Redactor::new(secrets.iter().map(|(_, value)| value).chain(&earlier));
        let gate = Gate::new(self.outbound.clone(), allowed_hosts, limits.response);
        let mut log = Log::new(limits.logs);
        let secrets = secrets.into_iter().map(|(name, value)| (name, value.expose().clone())).collect();
        let result = match to_raw_value(input) {
            Ok(input) => {
                let order = ToChild::Run(Run { code, input, secrets, limits: limits.clone() });
                let bounds = Bounds { limits: &limits, gate: &gate, log: &mut log };
                lease.order(&order, bounds).await
            }
            Err(error) => Err(error.to_string()),
        };
        let result = result.and_then(|text| match text.get() {
            text if text.len() > limits.output => {
                Err(format!("the result is larger than {} bytes", limits.output))
            }
            text => serde_json::from_str(text).map_err(|error| error.to_string()),
        });
        Output { result, logs: log.into_lines() }.redacted(&redactor)
    }

    /// Is this code that can be loaded? If not, the message and the line.
    ///
    /// # Errors
    /// `unavailable` when the organization has no turn, or no process starts.
    pub async fn check(&self, org: OrgId, code: &str) -> kernel::Result<Result<(), String>> {
        let lease = self.pool.lease(org).await;
        let lease = lease.map_err(|refusal| Error::unavailable(refusal.text()))?;
        let limits = Limits { fetches: 0, logs: 0, ..Limits::default() };
        let gate = Gate::new(self.outbound.clone(), Vec::new(), limits.response);
        let order = ToChild::Check { code: code.to_owned(), limits: limits.clone() };
        let bounds = Bounds { limits: &limits, gate: &gate, log: &mut Log::new(0) };
        Ok(lease.order(&order, bounds).await.map(drop))
    }
}

impl Output {
    fn redacted(self, redactor: &Redactor) -> Self {
        Self {
            result: match self.result {
                Ok(value) => Ok(redactor.json(value)),
                Err(error) => Err(redactor.text(&error)),
            },
            logs: self.logs.iter().map(|line| redactor.text(line)).collect(),
        }
    }
}
