//! What the database's errors mean to whoever asked: not now, not so, or our fault.
//!
//! Whoever is told "not now" tries again, as senders of alerts do; an error that passes by itself must not look like a bug.
//! The codes are PostgreSQL's (appendix A of its manual, "PostgreSQL Error Codes").

use crate::Error;

const UNREACHABLE: &str = "the database cannot be reached";

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::unavailable("no connection to the database was free in time"),
            sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
                Self::unavailable(UNREACHABLE)
            }
            sqlx::Error::Database(said) => said
                .code()
                .and_then(|code| passing(&code).or_else(|| refused(&code)))
                .unwrap_or_else(|| Self::internal(error)),
            _ => Self::internal(error),
        }
    }
}

/// The error for a state of the database that passes.
fn passing(code: &str) -> Option<Error> {
    Some(Error::unavailable(match code {
        "55P03" => "somebody else holds what this needs; try again",
        "57014" => "the database took too long over this; try again",
        "25P03" | "25P04" => "this took too long between two questions to the database; try again",
        "40001" | "40P01" => "somebody else changed the same thing at that moment; try again",
        "25006" => "the database takes no changes at the moment",
        "57P03" => "the database is starting or stopping",
        "53100" => return Some(Error::disk_full("the database's disk is full; nothing can be stored")),
        _ if code.starts_with("53") => "the database is out of connections or memory",
        // 57P01 to 57P05 end a session; a pooler says 08P01 when it has no server.
        _ if code.starts_with("57P") || code.starts_with("08") => UNREACHABLE,
        _ => return None,
    }))
}

/// The error for a value that the database has no place for, wherever it came in.
fn refused(code: &str) -> Option<Error> {
    let detail = match code {
        "22008" => "a time in it is earlier or later than any that can be stored",
        "22021" | "22P05" => "a text in it holds a character that cannot be stored",
        _ => return None,
    };
    Some(Error::invalid("invalid_value", detail))
}
