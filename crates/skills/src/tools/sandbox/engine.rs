//! One run in one fresh QuickJS runtime. This is the inside of a sandbox's process: nothing here watches the time, because
//! the server ends the process.

use std::cell::{Cell, RefCell};

use rquickjs::{
    CatchResultExt, CaughtError, Coerced, Context, Ctx, Exception, FromJs, Function, Module, Object, Promise,
    Runtime, String as JsString,
    prelude::{Func, This},
};
use serde_json::value::RawValue;

use super::{
    Limits,
    child::Link,
    fetch::Request,
    json_text::well_formed,
    log::Budget,
    wire::{Run, ToServer},
};

const PRELUDE: &str = include_str!("prelude.js");
/// The name under which errors know the program.
const FILE: &str = "tool.js";

/// Runs a program to its end. One that never ends is ended with its process.
pub fn run(run: Run, link: Link) -> Result<Box<RawValue>, String> {
    let max = run.limits.output;
    let text = with_engine(&run.limits.clone(), |ctx| evaluate(ctx, run, link))?;
    if text.len() > max {
        return Err(format!("the result is larger than {max} bytes"));
    }
    RawValue::from_string(well_formed(&text).into_owned()).map_err(|error| error.to_string())
}

/// Compiles code without running it.
pub fn check(code: String, limits: &Limits) -> Result<(), String> {
    with_engine(limits, |ctx| Module::declare(ctx.clone(), FILE, code).map(drop))
}

/// Has the C library read what it reads once and keeps, because later no file can be opened: the time zone, and whether it
/// may give memory back (glibc, `check_may_shrink_heap`).
pub fn warm_up() -> Result<(), String> {
    drop(std::array::from_fn::<Vec<u8>, 64, _>(|_| vec![0; 64 << 10]));
    with_engine(&Limits::default(), |ctx| ctx.eval::<String, _>("String(new Date())")).map(drop)
}

fn with_engine<T>(limits: &Limits, work: impl FnOnce(&Ctx<'_>) -> rquickjs::Result<T>) -> Result<T, String> {
    let failed = |error: rquickjs::Error| format!("the JavaScript engine: {error}");
    let runtime = Runtime::new().map_err(failed)?;
    runtime.set_memory_limit(limits.memory);
    runtime.set_max_stack_size(limits.stack);
    let context = Context::full(&runtime).map_err(failed)?;
    context.with(|ctx| {
        // taken before the program can put something else in its place
        let formed = ctx.eval("String.prototype.toWellFormed").map_err(failed)?;
        work(&ctx).catch(&ctx).map_err(|error| describe(&error, &formed))
    })
}

/// The result as JSON.
fn evaluate(ctx: &Ctx<'_>, run: Run, link: Link) -> rquickjs::Result<String> {
    let Run { code, input, secrets, limits } = run;
    let prelude: Function = ctx.eval(PRELUDE)?;
    let budget = RefCell::new(Budget::new(limits.logs));
    let log = move |line: String| {
        if let Some(line) = budget.borrow_mut().spend(line) {
            link.send(&ToServer::Log(line));
        }
    };
    let asked = Cell::new(0);
    let ask = move |ctx: Ctx<'_>, request: String| -> rquickjs::Result<u32> {
        let refused = |reason: &str| Err(Exception::throw_type(&ctx, reason));
        if request.len() > limits.request {
            return refused(&format!("the request is larger than {} bytes", limits.request));
        }
        if asked.get() >= limits.fetches {
            return refused("the tool made too many requests");
        }
        let Ok(request) = serde_json::from_str::<Request>(&well_formed(&request)) else {
            return refused("this is no request");
        };
        asked.set(asked.get() + 1);
        let id = u32::try_from(asked.get()).unwrap_or(u32::MAX);
        link.send(&ToServer::Fetch { id, request });
        Ok(id)
    };
    let host: Object = prelude.call((Func::from(ask), Func::from(log)))?;
    let (call, deliver): (Function, Function) = (host.get("call")?, host.get("deliver")?);

    let named = Object::new(ctx.clone())?;
    for (name, value) in secrets {
        named.set(name, value)?;
    }
    ctx.globals().set("secrets", named)?;

    let (module, loaded) = Module::declare(ctx.clone(), FILE, code)?.eval()?;
    settle::<()>(ctx, &loaded, &deliver, link)?;
    let main: rquickjs::Value = module.get("default")?;
    let result: Promise = call.call((main, input.get()))?;
    settle(ctx, &result, &deliver, link)
}

/// Goes on until the promise is settled. When nothing is left to do, only an answer of the server can bring it on; where none
/// is due, the server's patience is what ends.
fn settle<'js, T: FromJs<'js>>(
    ctx: &Ctx<'js>,
    promise: &Promise<'js>,
    deliver: &Function<'js>,
    link: Link,
) -> rquickjs::Result<T> {
    loop {
        if let Some(result) = promise.result() {
            return result;
        }
        if !ctx.execute_pending_job() {
            let (id, answer) = link.fetched();
            deliver.call::<_, ()>((id, answer.get()))?;
        }
    }
}

/// The message, and the line of the program where it is known.
fn describe<'js>(error: &CaughtError<'js>, formed: &Function<'js>) -> String {
    match error {
        CaughtError::Exception(exception) => describe_exception(exception.as_object(), formed),
        CaughtError::Value(value) => {
            let text = value.as_string().map(|text| to_text(text, formed));
            format!("the tool threw {}", text.unwrap_or_else(|| format!("a {}", value.type_name())))
        }
        CaughtError::Error(error) => error.to_string(),
    }
}

fn describe_exception<'js>(exception: &Object<'js>, formed: &Function<'js>) -> String {
    let of = |property: &str| {
        let found = exception.get::<_, Option<Coerced<JsString>>>(property).ok().flatten();
        found.map(|found| to_text(&found.0, formed))
    };
    let (name, message) = (of("name").unwrap_or_else(|| "Error".into()), of("message").unwrap_or_default());
    match line_of(&of("stack").unwrap_or_default()) {
        Some(line) => format!("{name}: {message} (line {line})"),
        None => format!("{name}: {message}"),
    }
}

/// A string with U+FFFD for each lone surrogate.
fn to_text<'js>(string: &JsString<'js>, formed: &Function<'js>) -> String {
    let text = string.to_string().or_else(|_| {
        let formed: JsString = formed.call((This(string.clone()),))?;
        formed.to_string()
    });
    text.unwrap_or_default()
}

/// The topmost line of the program in a stack trace (`at main (tool.js:3:11)`).
fn line_of(stack: &str) -> Option<u32> {
    let (_, after) = stack.split_once("tool.js:")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
