//! How long a connection may last, by what it does: over real HTTP, with an application that answers without end.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    http::header,
    routing::get,
};
use futures::stream;
use server::process::connections::{self, Connections, Patience};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::sync::CancellationToken;

/// Longer than any test takes.
const NEVER: Duration = Duration::from_secs(3600);
/// Only ends a test that hangs.
const HANGS: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(300);

struct Server {
    connections: Connections,
    address: String,
    /// What a live stream sends next.
    news: watch::Sender<&'static str>,
}

impl Server {
    async fn start(patience: Patience) -> Self {
        let connections = Connections::new(100, Arc::new([])).patient(patience);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let news = watch::Sender::new("nothing");
        let told = news.subscribe();
        let app = Router::new()
            .route("/", get(|| async { "short" }))
            .route("/endless", get(|| async { Body::from_stream(stream::repeat_with(chunk)) }))
            .route(
                "/live",
                get(move || async { ([(header::CONTENT_TYPE, "text/event-stream")], live(told)) }),
            );
        tokio::spawn(connections::serve(listener, app, connections.clone(), CancellationToken::new()));
        Self { connections, address, news }
    }

    async fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: steward\r\n\r\n").as_bytes()).await.unwrap();
        stream
    }

    async fn is_alone(&self) {
        while self.connections.open() > 0 {
            tokio::task::yield_now().await;
        }
    }
}

fn chunk() -> Result<Bytes, Infallible> {
    Ok(Bytes::from_static(&[b'x'; 16 << 10]))
}

fn live(told: watch::Receiver<&'static str>) -> Body {
    Body::from_stream(stream::unfold(told, |mut told| async {
        told.changed().await.ok()?;
        let news = *told.borrow_and_update();
        Some((Ok::<_, Infallible>(news), told))
    }))
}

async fn read_until(stream: &mut TcpStream, wanted: &str) {
    let mut seen = String::new();
    while !seen.contains(wanted) {
        let mut buffer = [0; 1024];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(length > 0, "ended after {seen:?}");
        seen.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
}

/// To its end, whether that is a good one or not.
async fn take_everything(stream: &mut TcpStream) {
    let mut buffer = vec![0; 64 << 10];
    while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_takes_nothing_of_its_answer_is_sent_away() {
    let server = Server::start(Patience { head: NEVER, take: MOMENT, kept: NEVER, end: NEVER }).await;
    let _taken_by_nobody = server.ask("/endless").await;
    while server.connections.open() == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(HANGS, server.is_alone()).await.expect("it is sent away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_was_kept_long_is_asked_to_come_anew() {
    let server = Server::start(Patience { head: NEVER, take: NEVER, kept: MOMENT, end: NEVER }).await;
    let mut client = server.ask("/").await;
    read_until(&mut client, "short").await;
    tokio::time::timeout(HANGS, take_everything(&mut client)).await.expect("it is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_end_is_cut_and_a_live_stream_is_not() {
    let server = Server::start(Patience { head: NEVER, take: NEVER, kept: MOMENT, end: MOMENT }).await;
    let mut live = server.ask("/live").await;
    server.news.send_replace("the first news");
    read_until(&mut live, "the first news").await;
    let mut endless = server.ask("/endless").await;
    tokio::time::timeout(HANGS, take_everything(&mut endless)).await.expect("it is cut");
    // It came before the other, so its time is over, too.
    server.news.send_replace("the last news");
    read_until(&mut live, "the last news").await;
}
