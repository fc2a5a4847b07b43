//! Who the admin of a new server is.

use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use kernel::{Error, Result};

/// Asks the person who starts the server at a terminal; none where nobody sits there, or they leave it open.
pub async fn ask() -> Result<Option<String>> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Ok(None);
    }
    tokio::task::spawn_blocking(prompt).await.map_err(Error::internal)?.map_err(Error::internal)
}

fn prompt() -> std::io::Result<Option<String>> {
    let mut out = stderr();
    write!(out, "\n  This server is new. E-mail of its first admin (empty for a made-up one): ")?;
    out.flush()?;
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    let email = line.trim();
    Ok((!email.is_empty()).then(|| email.to_owned()))
}
