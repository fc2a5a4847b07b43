//! The inside of a sandbox's process: `steward sandbox`, which only the server starts.
//!
//! It confines itself, says so, and does what the server orders over the socket at its standard input, until the server
//! closes that or kills it. It has one thread and waits for nothing but that socket.

use std::{
    io::{self, Read, Write, stdin},
    process::{ExitCode, exit},
};

use nix::sys::stat::{SFlag, fstat};
use serde_json::value::RawValue;

use super::{
    confine, engine,
    wire::{MAX_TO_CHILD, MAX_TO_SERVER, ToChild, ToServer, cut},
};

/// Serves the server at the other end of standard input. Fails at once when that is no socket.
pub fn serve() -> ExitCode {
    if !is_served() {
        return ExitCode::FAILURE;
    }
    let link = Link;
    match engine::warm_up().and_then(|()| confine::confine()) {
        Ok(filtered) => link.send(&ToServer::Ready { filtered }),
        Err(reason) => {
            link.send(&ToServer::Unfit(reason));
            return ExitCode::FAILURE;
        }
    }
    loop {
        let done = match link.receive() {
            ToChild::Run(run) => engine::run(run, link),
            ToChild::Check { code, limits } => {
                engine::check(code, &limits).map(|()| RawValue::NULL.to_owned())
            }
            ToChild::Fetched { .. } => continue,
        };
        link.send(&ToServer::Done(done.map_err(cut)));
    }
}

/// Whether standard input is a socket, as the server gives it.
fn is_served() -> bool {
    fstat(stdin())
        .is_ok_and(|stat| SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT == SFlag::S_IFSOCK)
}

/// The socket to the server. Without it there is nothing left to do, so the process ends when it fails.
#[derive(Clone, Copy)]
pub struct Link;

impl Link {
    pub fn send(self, message: &ToServer) {
        if self.try_send(message).is_err() {
            exit(1);
        }
    }

    pub fn receive(self) -> ToChild {
        self.try_receive().unwrap_or_else(|_| exit(0))
    }

    /// Waits for what came of a request.
    pub fn fetched(self) -> (u32, Box<RawValue>) {
        loop {
            if let ToChild::Fetched { id, answer } = self.receive() {
                return (id, answer);
            }
        }
    }

    fn try_send(mut self, message: &ToServer) -> io::Result<()> {
        let mut frame = vec![0; 4];
        serde_json::to_writer(&mut frame, message)?;
        let length = u32::try_from(frame.len() - 4).unwrap_or(u32::MAX);
        if length as usize > MAX_TO_SERVER {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        frame[..4].copy_from_slice(&length.to_be_bytes());
        self.write_all(&frame)
    }

    fn try_receive(mut self) -> io::Result<ToChild> {
        let mut length = [0; 4];
        self.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_TO_CHILD {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut frame = vec![0; length];
        self.read_exact(&mut frame)?;
        Ok(serde_json::from_slice(&frame)?)
    }
}

impl Read for Link {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // not through `Stdin`, which would read ahead
        Ok(nix::unistd::read(stdin(), buffer)?)
    }
}

impl Write for Link {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(nix::unistd::write(stdin(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
