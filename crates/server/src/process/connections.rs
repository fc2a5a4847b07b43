//! Connections: how many, how long, and how slow.
//!
//! HTTP/1.1; the proxy that ends TLS may speak newer versions to its clients. A connection that does not send a request's head
//! in time, or does not take its answer, ends; so does one that is idle. After five minutes it is asked to come anew, so that
//! what stands in front can spread its connections, and its last answer has an end, however slowly it is taken; only a live
//! stream goes on. Beyond the most there may be, a connection is told 503 and closed, and no
//! address has more than its share, but for this machine and the trusted proxies, which speak for many.

use std::{
    collections::HashMap,
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
    response::Response,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use platform::http::{Network, network_of};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// Bytes of a head; a JWT may have sixteen kilobytes.
const LARGEST_HEAD: usize = 64 << 10;
/// Files beside connections: of the database, of scripts, of what is asked elsewhere.
const OTHER_FILES: usize = 1024;
/// One address (IPv6: one /64) may have one of so many connections.
const SHARE: usize = 4;

const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// How long is waited for whom.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, and for the next one on a connection that is kept.
    pub head: Duration,
    /// For a client to take more of its answer.
    pub take: Duration,
    /// How long a connection is kept.
    pub kept: Duration,
    /// How long the last answer may take after that, unless it is a live stream: longer than any request lasts.
    pub end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { head: seconds(20), take: seconds(30), kept: seconds(300), end: seconds(180) }
    }
}

/// How many connections there may be, how long they last, and who may have more than a share of them.
#[derive(Clone)]
pub struct Connections {
    most: usize,
    patience: Patience,
    exempt: Arc<[Network]>,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    all: usize,
    by_network: HashMap<String, usize>,
}

/// An open connection's place, until it is dropped.
struct Place {
    connections: Connections,
    from: String,
}

impl Connections {
    pub fn new(most: usize, exempt: Arc<[Network]>) -> Self {
        Self { most, patience: Patience::default(), exempt, open: Arc::default() }
    }

    #[must_use]
    pub fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    fn enter(&self, address: IpAddr) -> Option<Place> {
        let from = network_of(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_network = open.by_network.get(&from).copied().unwrap_or_default();
        let exempt = address.is_loopback() || self.exempt.iter().any(|network| network.contains(address));
        if open.all >= self.most || (!exempt && of_network >= (self.most / SHARE).max(1)) {
            return None;
        }
        open.all += 1;
        open.by_network.insert(from.clone(), of_network + 1);
        metrics::gauge!("steward_http_connections").set(open.all as f64);
        Some(Place { connections: self.clone(), from })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        metrics::gauge!("steward_http_connections").set(open.all as f64);
        match open.by_network.get_mut(&self.from) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.by_network.remove(&self.from)),
        }
    }
}

/// Lets this process have as many files open as the connections take, and some for all else; warns when the system gives fewer.
pub fn make_room(most: usize) {
    let wanted = (most + OTHER_FILES) as u64;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    let given = wanted.min(hard);
    if soft < given && setrlimit(Resource::RLIMIT_NOFILE, given, hard).is_err() || given < wanted {
        tracing::warn!(
            limit = soft.max(given),
            wanted,
            "the limit of open files (ulimit -n) is lower than --max-connections takes"
        );
    }
}

/// Answers requests until `stop`, and those that have begun to their end.
pub async fn serve(listener: TcpListener, app: Router, connections: Connections, stop: CancellationToken) {
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match connections.enter(peer.ip().to_canonical()) {
                Some(place) => drop(tasks.spawn(converse(stream, peer, app.clone(), place, stop.clone()))),
                None => refuse(&stream),
            },
            Err(error) if is_about_one_connection(&error) => {}
            // Out of file descriptors, for one: some will be closed.
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
    tasks.close();
    tasks.wait().await;
}

fn refuse(stream: &TcpStream) {
    metrics::counter!("steward_http_connections_refused_total").increment(1);
    let _ = stream.try_write(REFUSAL);
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}

async fn converse(stream: TcpStream, peer: SocketAddr, app: Router, place: Place, stop: CancellationToken) {
    let patience = place.connections.patience;
    let _place = place;
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience.take));
    let is_live = Arc::new(AtomicBool::new(false));
    let live = is_live.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let (app, live) = (app.clone(), live.clone());
        async move {
            let answer = app.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {});
            live.store(is_live_stream(&answer), Ordering::Relaxed);
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { let _ = tokio::time::timeout(patience.kept, stop.cancelled()).await; } => {
            connection.as_mut().graceful_shutdown();
            match tokio::time::timeout(patience.end, connection.as_mut()).await {
                Err(_) if is_live.load(Ordering::Relaxed) => connection.await,
                Err(_) => return tracing::debug!(%peer, "an answer was not taken in time"),
                Ok(ended) => ended,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

fn is_live_stream(answer: &Response) -> bool {
    let content_type = answer.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Connections;

    #[test]
    fn no_address_has_more_than_its_share_but_for_those_who_speak_for_many() {
        let connections = Connections::new(8, Arc::new(["10.0.0.0/8".parse().unwrap()]));
        let enter = |address: &str| connections.enter(address.parse().unwrap());
        let guest = [enter("203.0.113.1"), enter("203.0.113.1")];
        assert!(guest.iter().all(Option::is_some) && enter("203.0.113.1").is_none());
        let other = enter("203.0.113.2");
        assert!(other.is_some());
        let proxy: Vec<_> = (0..10).map_while(|_| enter("10.1.2.3")).collect();
        assert_eq!(proxy.len(), 5, "until all are taken");
        assert!(enter("127.0.0.1").is_none());
        drop(guest);
        assert!(enter("127.0.0.1").is_some() && enter("203.0.113.1").is_some());
        drop((proxy, other));
        // Whoever has one address of IPv6 has sixty-four bits of them (RFC 6177).
        let many: Vec<_> = (1..9).filter_map(|number| enter(&format!("2001:db8:1:2::{number}"))).collect();
        assert_eq!(many.len(), 2);
        assert!(enter("2001:db8:1:3::1").is_some());
        drop(many);
        assert_eq!(connections.open(), 0);
        assert!(connections.open.lock().unwrap().by_network.is_empty());
    }
}
