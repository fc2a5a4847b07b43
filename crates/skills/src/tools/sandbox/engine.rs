//! One run in one fresh QuickJS runtime.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use kernel::Secret;
use platform::outbound::Outbound;
use rquickjs::{
    AsyncContext, AsyncRuntime, CatchResultExt, CaughtError, Ctx, Function, Module, Object, Promise,
    prelude::{Async, Func},
};
use serde_json::Value;

use super::{Limits, Output, Program, fetch::Gate};

const PRELUDE: &str = include_str!("prelude.js");
/// The name under which errors know the program.
const FILE: &str = "tool.js";
/// What the interrupt handler may be late by.
const GRACE: Duration = Duration::from_millis(200);

/// The lines of `console.log`, up to a number of bytes.
#[derive(Clone)]
struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    max_bytes: usize,
}

impl Log {
    fn write(&self, line: String) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let used: usize = lines.iter().map(|line| line.len() + 1).sum();
        if used + line.len() < self.max_bytes {
            lines.push(line);
        } else if used < self.max_bytes {
            let room = line.floor_char_boundary(self.max_bytes - used);
            lines.push(format!("{}… (the rest of the log was dropped)", &line[..room]));
        }
    }
}

/// Runs a program to its end, or to one of its limits.
pub async fn run(program: Program, input: Value, outbound: Outbound) -> Output {
    let Program { code, allowed_hosts, secrets, limits } = program;
    let log = Log { lines: Arc::default(), max_bytes: limits.logs };
    let gate = Gate::new(outbound, allowed_hosts, limits.fetches, limits.response);
    let end = Instant::now() + limits.time;
    let work = async {
        let context = start(&limits, end).await.map_err(|error| format!("the JavaScript engine: {error}"))?;
        let (gate, log, input) = (Arc::new(gate), log.clone(), input.to_string());
        context
            .async_with(async move |ctx| {
                let text = evaluate(&ctx, code, input, &secrets, gate, log).await;
                text.catch(&ctx).map_err(|error| describe(&error))
            })
            .await
    };
    let text = within(end + GRACE, work).await;
    let result = match text {
        Some(Ok(text)) if text.len() > limits.output => {
            Err(format!("the result is larger than {} bytes", limits.output))
        }
        Some(Ok(text)) => serde_json::from_str(&text).map_err(|error| error.to_string()),
        Some(Err(error)) if Instant::now() <= end => Err(error),
        Some(Err(_)) | None => Err(format!("the tool did not end within {} ms", limits.time.as_millis())),
    };
    let logs = std::mem::take(&mut *log.lines.lock().unwrap_or_else(PoisonError::into_inner));
    Output { result, logs }
}

/// Compiles code without running it.
pub async fn check(code: &str) -> Result<(), String> {
    let limits = Limits::default();
    let context = start(&limits, Instant::now() + limits.time).await.map_err(|error| error.to_string())?;
    let code = code.to_owned();
    let compile = async move |ctx: Ctx<'_>| {
        Module::declare(ctx.clone(), FILE, code).catch(&ctx).map(drop).map_err(|error| describe(&error))
    };
    context.async_with(compile).await
}

async fn within<T>(end: Instant, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout_at(end.into(), work).await.ok()
}

async fn start(limits: &Limits, end: Instant) -> rquickjs::Result<AsyncContext> {
    let runtime = AsyncRuntime::new()?;
    runtime.set_memory_limit(limits.memory).await;
    runtime.set_max_stack_size(limits.stack).await;
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > end))).await;
    AsyncContext::full(&runtime).await
}

async fn evaluate(
    ctx: &Ctx<'_>,
    code: String,
    input: String,
    secrets: &[(String, Secret<String>)],
    gate: Arc<Gate>,
    log: Log,
) -> rquickjs::Result<String> {
    let prelude: Function = ctx.eval(PRELUDE)?;
    let send = move |request: String| {
        let gate = gate.clone();
        async move { gate.fetch(&request).await }
    };
    let call: Function =
        prelude.call((Func::from(Async(send)), Func::from(move |line: String| log.write(line))))?;
    let named = Object::new(ctx.clone())?;
    for (name, value) in secrets {
        named.set(name.as_str(), value.expose().as_str())?;
    }
    ctx.globals().set("secrets", named)?;

    let (module, loaded) = Module::declare(ctx.clone(), FILE, code)?.eval()?;
    loaded.into_future::<()>().await?;
    let main: rquickjs::Value = module.get("default")?;
    let result: Promise = call.call((main, input))?;
    result.into_future().await
}

/// The message, and the line of the program where it is known.
fn describe(error: &CaughtError<'_>) -> String {
    let CaughtError::Exception(exception) = error else {
        return match error {
            CaughtError::Value(value) => {
                let text = value.as_string().and_then(|text| text.to_string().ok());
                format!("the tool threw {}", text.unwrap_or_else(|| format!("a {}", value.type_name())))
            }
            other => other.to_string(),
        };
    };
    let name = exception.as_object().get::<_, String>("name").unwrap_or_else(|_| "Error".into());
    let message = exception.message().unwrap_or_default();
    let stack = exception.stack().unwrap_or_default();
    match line_of(&stack) {
        Some(line) => format!("{name}: {message} (line {line})"),
        None => format!("{name}: {message}"),
    }
}

/// The topmost line of the program in a stack trace (`at main (tool.js:3:11)`).
fn line_of(stack: &str) -> Option<u32> {
    let (_, after) = stack.split_once("tool.js:")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
