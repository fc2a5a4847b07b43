//! An MCP server that is a program on this machine, started for one call.
//!
//! It leads a process group of its own, and the group is killed when the call ends, however that is: whoever drops a
//! [`Program`] ends it and all that it started and that stayed in the group. While its leader is not reaped, the group's
//! number cannot be anybody else's; so it is reaped last.

use std::{io, process::Stdio, time::Duration};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use rustix::process::{WaitId, WaitIdOptions, waitid};
use tokio::{
    process::{Child, ChildStdin, ChildStdout, Command},
    signal::unix::{SignalKind, signal},
    time::timeout,
};

/// Where programs are looked for.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// How long it may take to end by itself, once its standard input is closed.
const LEAVE: Duration = Duration::from_secs(2);

pub struct Program {
    child: Child,
}

impl Program {
    /// Starts it; answers what it writes to and what it reads from, too.
    pub fn start(command: &str, args: &[String]) -> io::Result<(Self, ChildStdout, ChildStdin)> {
        let mut program = Command::new(command);
        // the server's environment holds its keys
        program.args(args).env_clear().env("PATH", PATH).process_group(0).kill_on_drop(true);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = program.spawn()?;
        let (output, input) = (child.stdout.take(), child.stdin.take());
        let program = Self { child };
        match (output, input) {
            (Some(output), Some(input)) => Ok((program, output, input)),
            _ => Err(io::Error::other("it has no pipes")),
        }
    }

    /// Waits a moment for it to end by itself, and ends what is left. Its standard input must be closed.
    pub async fn leave(self) {
        let _ = timeout(LEAVE, self.ended()).await;
    }

    /// Waits for the end of the leader, and leaves it to be reaped.
    async fn ended(&self) -> io::Result<()> {
        let mut children = signal(SignalKind::child())?;
        while !self.has_ended()? {
            children.recv().await;
        }
        Ok(())
    }

    fn has_ended(&self) -> io::Result<bool> {
        let Some(leader) = self.child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
        else {
            return Ok(true);
        };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(leader), options)?.is_some())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(leader) = self.child.id() {
            let _gone = killpg(Pid::from_raw(leader.cast_signed()), Signal::SIGKILL);
        }
    }
}
