//! One call, as the server has it: it orders, answers what the program wants fetched, keeps its log, and ends the process
//! at the limit or when nobody waits for the answer any more.

use std::io;

use futures::{SinkExt, StreamExt, channel::mpsc};
use serde_json::value::RawValue;
use tokio::time::{Instant, timeout};
use tokio_util::bytes::Bytes;

use super::{
    Limits,
    fetch::{Gate, Request},
    log::Log,
    pool::Lease,
    process::{Process, hear},
    wire::{MAX_TO_CHILD, ToChild, ToServer, cut},
};

/// What one program may use.
pub struct Bounds<'a> {
    pub limits: &'a Limits,
    pub gate: &'a Gate,
    pub log: &'a mut Log,
}

/// How a process failed at a call.
#[derive(Debug)]
enum Broken {
    /// It is gone.
    Ended,
    /// It said what it must not.
    Protocol(&'static str),
    /// The order does not fit into a frame.
    TooLarge,
}

impl Lease {
    /// Has the process do what is ordered; answers what came of it, as JSON. The process is used again if it kept to its
    /// limits, and is killed if not.
    pub async fn order(mut self, order: &ToChild, bounds: Bounds<'_>) -> Result<Box<RawValue>, String> {
        let (limit, started) = (bounds.limits.time, Instant::now());
        let outcome = |name| metrics::counter!("steward_sandbox_calls_total", "outcome" => name).increment(1);
        let talked = timeout(limit, talk(self.process(), order, bounds)).await;
        metrics::histogram!("steward_sandbox_seconds").record(started.elapsed());
        match talked {
            Ok(Ok(Err(error))) if ran_out_of_memory(&error) => {
                outcome("memory");
                Err(error)
            }
            Ok(Ok(done)) => {
                outcome(if done.is_ok() { "done" } else { "failed" });
                self.give_back();
                done.map_err(cut)
            }
            Ok(Err(broken)) => {
                outcome("broken");
                Err(self.explain(broken).await)
            }
            Err(_) => {
                outcome("late");
                Err(format!("the tool did not end within {} ms", limit.as_millis()))
            }
        }
    }

    /// Says to the operator what happened, and to the user what concerns them.
    async fn explain(mut self, broken: Broken) -> String {
        let process = self.process().id();
        match broken {
            Broken::TooLarge => "the arguments are too large".into(),
            Broken::Protocol(what) => {
                tracing::error!(process, what, "a program broke out of the JavaScript engine");
                "the JavaScript engine failed".into()
            }
            Broken::Ended => {
                let status = self.process().ended().await.map(|status| status.to_string());
                tracing::error!(process, status, "a process of the sandbox ended under a program");
                "the JavaScript engine failed".into()
            }
        }
    }
}

/// The engine throws null where it had no memory left for an error.
fn ran_out_of_memory(error: &str) -> bool {
    error.starts_with("InternalError: out of memory") || error == "the tool threw a null"
}

/// Orders, and listens until it is done.
async fn talk(
    process: &mut Process,
    order: &ToChild,
    bounds: Bounds<'_>,
) -> Result<Result<Box<RawValue>, String>, Broken> {
    let Bounds { limits, gate, log } = bounds;
    let Process { reader, writer, .. } = process;
    let frame = frame(order).map_err(|_| Broken::TooLarge)?;
    writer.send(frame).await.map_err(|_| Broken::Ended)?;

    // reading and writing must not wait for each other: the process does one at a time
    let (ask, asked) = mpsc::unbounded();
    let answers =
        asked.map(|(id, request)| answer(gate, id, request)).buffer_unordered(limits.fetches.max(1));
    let answering = answers.forward(writer);
    let listening = async {
        let mut left = limits.fetches;
        loop {
            let heard = hear(reader).await.map_err(|_| Broken::Protocol("a frame that is none"))?;
            match heard.ok_or(Broken::Ended)? {
                ToServer::Done(done) => return Ok(done),
                ToServer::Log(line) => {
                    log.write(line).then_some(()).ok_or(Broken::Protocol("more than its log holds"))?;
                }
                ToServer::Fetch { id, request } => {
                    let fewer: Option<usize> = left.checked_sub(1);
                    left = fewer.ok_or(Broken::Protocol("more requests than it has"))?;
                    // the other end lives as long as this
                    let _ = ask.unbounded_send((id, request));
                }
                ToServer::Ready { .. } | ToServer::Unfit(_) => return Err(Broken::Protocol("out of turn")),
            }
        }
    };
    tokio::select! {
        heard = listening => heard,
        _ = answering => Err(Broken::Ended),
    }
}

async fn answer(gate: &Gate, id: u32, request: Request) -> io::Result<Bytes> {
    frame(&ToChild::Fetched { id, answer: gate.fetch(request).await? })
}

fn frame(message: &ToChild) -> io::Result<Bytes> {
    let text = serde_json::to_vec(message)?;
    if text.len() > MAX_TO_CHILD { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text.into()) }
}
