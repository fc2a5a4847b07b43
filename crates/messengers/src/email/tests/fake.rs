//! A server that keeps to no protocol: it says what it is told to, whatever it hears.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::Server;

/// What it does when it has said everything.
#[derive(Clone, Copy)]
pub enum Then {
    Hangs,
    Closes,
    /// Says this for ever.
    Repeats(&'static [u8]),
}

pub struct Fake {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Fake {
    /// The first reply is the greeting, each further one answers a line; after 354 it answers the end of the mail.
    pub async fn saying(replies: &'static [&'static str], then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let log = heard.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, replies, then, log.clone()));
            }
        });
        Self { port, heard, task }
    }

    pub fn settings(&self) -> Server {
        Server::from_url(&format!("smtp://127.0.0.1:{}?tls=none", self.port)).unwrap()
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(stream: TcpStream, replies: &[&str], then: Then, heard: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut last_line = None;
    for (number, reply) in replies.iter().enumerate() {
        if number > 0 && !listen(&mut stream, last_line, &heard).await {
            return;
        }
        last_line = reply.starts_with("354").then_some(".");
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
    match then {
        Then::Closes => {}
        Then::Hangs => {
            // Ends with the other side.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
        Then::Repeats(noise) => while stream.write_all(noise).await.is_ok() {},
    }
}

/// Hears one line, or all up to the last one; answers whether it came.
async fn listen(stream: &mut BufReader<TcpStream>, last: Option<&str>, heard: &Mutex<Vec<String>>) -> bool {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return false;
        }
        let line = line.trim_end().to_owned();
        let is_last = last.is_none_or(|last| line == last);
        heard.lock().unwrap().push(line);
        if is_last {
            return true;
        }
    }
}
