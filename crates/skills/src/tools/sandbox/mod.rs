//! JavaScript that customers wrote, run in QuickJS.
//!
//! A program is a module with `export default async function (input) { … }`. It starts with nothing: no
//! files, no network, no environment, no modules to import. What it gets is `input`, the `secrets` its tool
//! names, a `console` whose lines are kept, and a `fetch` that reaches only the hosts of its tool and goes
//! through the guarded HTTP client ([`fetch`]). Memory, stack, time, requests and everything it returns are
//! limited ([`Limits`]). Each run has an engine of its own ([`engine`]) on a thread of the blocking pool, of
//! which only so many run at once. Secret values are taken out of whatever leaves ([`redact`]).

mod engine;
mod fetch;
mod redact;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use kernel::Secret;
use platform::outbound::Outbound;
use serde_json::Value;
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};

pub use redact::Redactor;

/// How long a run waits for a free thread.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a run may use.
#[derive(Clone, Debug)]
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
    /// Requests.
    pub fetches: usize,
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
    pub limits: Limits,
}

/// Is this code that can be loaded? Fails with the message and the line.
pub async fn check(code: &str) -> Result<(), String> {
    engine::check(code).await
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
    slots: Arc<Semaphore>,
}

impl Sandbox {
    /// At most `slots` programs run at once; more wait.
    pub fn new(outbound: Outbound, slots: usize) -> Self {
        Self { outbound, slots: Arc::new(Semaphore::new(slots)) }
    }

    /// Calls the program's function with `input`.
    pub async fn run(&self, program: Program, input: Value) -> Output {
        let refused = |detail: &str| Output { result: Err(detail.into()), logs: Vec::new() };
        let Ok(Ok(slot)) = timeout(PATIENCE, self.slots.clone().acquire_owned()).await else {
            return refused("too many programs run at once; try again later");
        };
        let (outbound, handle) = (self.outbound.clone(), Handle::current());
        // JavaScript computes without ever yielding, so it gets a thread that nothing else waits for
        let run = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let redactor = Redactor::new(program.secrets.iter().map(|(_, value)| value));
            handle.block_on(engine::run(program, input, outbound)).redacted(&redactor)
        });
        run.await.unwrap_or_else(|_| refused("the JavaScript engine failed"))
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
