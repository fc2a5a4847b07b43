//! What the server and a sandbox's process say to each other, over one socket.
//!
//! A frame is its length in four bytes, the highest first, and as many bytes of JSON. The process says [`ToServer::Ready`]
//! once it has confined itself. From then on the server orders one thing at a time, and the process answers with
//! [`ToServer::Done`]; before that it may send lines of the log and ask for what it wants fetched.
//!
//! The process runs foreign code and may be in that code's hands. So the server believes nothing of what it hears but its
//! bounds: of a frame, of the log, of the number of requests.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Limits, fetch::Request};

/// Bytes of a frame that the server sends. The largest holds a response whose body is all control characters.
pub const MAX_TO_CHILD: usize = 16 << 20;
/// Bytes of a frame that the server takes. The largest holds a result or a request, of 1 MiB each.
pub const MAX_TO_SERVER: usize = 4 << 20;
/// Bytes of an error's text; the process cuts what is longer, and so does the server.
const MAX_ERROR: usize = 16 << 10;

/// As much of an error as is kept.
pub fn cut(mut error: String) -> String {
    error.truncate(error.floor_char_boundary(MAX_ERROR));
    error
}

#[derive(Serialize, Deserialize)]
pub enum ToChild {
    Run(Run),
    /// Compile this code without running it.
    Check {
        code: String,
        limits: Limits,
    },
    /// What came of a request: a response, or `{"error": …}`. Unasked for it is passed over: a program may have ended
    /// before its answer came.
    Fetched {
        id: u32,
        answer: Box<RawValue>,
    },
}

/// A program to run.
#[derive(Serialize, Deserialize)]
pub struct Run {
    pub code: String,
    pub input: Box<RawValue>,
    /// Name and value.
    pub secrets: Vec<(String, String)>,
    pub limits: Limits,
}

#[derive(Serialize, Deserialize)]
pub enum ToServer {
    /// Confined and waiting. `filtered`: the kernel refuses it all but a few system calls.
    Ready {
        filtered: bool,
    },
    /// It could not confine itself, for this reason, and ends.
    Unfit(String),
    Log(String),
    Fetch {
        id: u32,
        request: Request,
    },
    Done(Result<Box<RawValue>, String>),
}
