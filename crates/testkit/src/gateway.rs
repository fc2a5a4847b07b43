//! The way to a server, which a test can close or make silent.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// How the server looks to whoever comes this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Open,
    /// As a server that is not running: connections end, new ones are refused.
    Closed,
    /// As a machine that has lost its power: nothing ends and nothing answers.
    Silent,
}

/// A listener on loopback that passes everything on to a server.
pub struct Gateway {
    pub address: SocketAddr,
    server: String,
    way: watch::Sender<Way>,
    listening: Option<JoinHandle<()>>,
}

impl Gateway {
    /// The way to `server`, as `host:port`.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let way = watch::Sender::new(Way::Open);
        let listening = Some(tokio::spawn(listen(listener, server.clone(), way.subscribe())));
        Self { address, server, way, listening }
    }

    pub async fn make(&mut self, way: Way) {
        if let Some(listening) = self.listening.take_if(|_| way == Way::Closed) {
            listening.abort();
            let _aborted = listening.await;
        }
        self.way.send_replace(way);
        if way != Way::Closed && self.listening.is_none() {
            let listener = TcpListener::bind(self.address).await.expect("the same port");
            self.listening = Some(tokio::spawn(listen(listener, self.server.clone(), self.way.subscribe())));
        }
    }
}

async fn listen(listener: TcpListener, server: String, way: watch::Receiver<Way>) {
    while let Ok((client, _)) = listener.accept().await {
        let (server, way) = (server.clone(), way.clone());
        tokio::spawn(async move { pass_on(client, &server, way).await });
    }
}

async fn pass_on(mut client: TcpStream, server: &str, mut way: watch::Receiver<Way>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        biased;
        _ = way.wait_for(|way| *way != Way::Open) => {}
        _ = copy_bidirectional(&mut client, &mut server) => return,
    }
    // A connection that was silent once stays so: its machine is gone.
    let _closed = way.wait_for(|way| *way == Way::Closed).await;
}
