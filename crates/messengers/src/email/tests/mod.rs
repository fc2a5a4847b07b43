//! What a real mail server (aiosmtpd) takes and refuses, and what a hostile one can do.

mod delivery;
mod fake;
mod hostile;
mod refusals;
mod safety;

use chrono::{DateTime, TimeZone, Utc};
use testkit::mail::{MailServer, Setup};

use super::{Accepted, Client, Egress, Mailbox, Message, Server};
use crate::SendError;

fn sender() -> Mailbox {
    "Steward <steward@example.org>".parse().unwrap()
}

fn message_to(to: &str) -> Message {
    Message::new("0199@example.org".parse().unwrap(), to.parse().unwrap(), "You are invited", "Come in.\n")
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).unwrap()
}

/// The settings that lead to a server of the tests.
fn settings(server: &MailServer) -> Server {
    Server { extra_ca: Some(server.ca().to_owned()), ..Server::from_url(&server.url()).unwrap() }
}

async fn send(server: Server, message: &Message) -> Result<Accepted, SendError> {
    Client::new(server, Egress::Trusted).unwrap().send(&sender(), message, noon()).await
}

async fn running(setup: Setup) -> (MailServer, Server) {
    let server = MailServer::start(setup).await;
    let settings = settings(&server);
    (server, settings)
}

#[track_caller]
fn retry(outcome: Result<Accepted, SendError>, words: &[&str]) -> String {
    match outcome {
        Err(SendError::Retry { after: None, error }) => told(error, words),
        other => panic!("{other:?} is no reason to try again"),
    }
}

#[track_caller]
fn give_up(outcome: Result<Accepted, SendError>, words: &[&str]) -> String {
    match outcome {
        Err(SendError::GiveUp { error }) => told(error, words),
        other => panic!("{other:?} is no reason to give up"),
    }
}

#[track_caller]
fn told(error: String, words: &[&str]) -> String {
    for word in words {
        assert!(error.contains(word), "{word:?} is not in {error:?}");
    }
    assert!(!error.contains('\n'), "{error:?}");
    error
}
