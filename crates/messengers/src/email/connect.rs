//! From a name to a stream: addresses, TCP, TLS.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use platform::outbound::Outbound;
use rustls::{
    ClientConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{Egress, InvalidServer, Server};
use crate::SendError;

/// What a session talks over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// TLS with the authorities of this machine and those of `extra_ca`.
pub(super) fn tls(extra_ca: Option<&str>) -> Result<TlsConnector, InvalidServer> {
    let extra = CertificateDer::pem_slice_iter(extra_ca.unwrap_or_default().as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| InvalidServer::new(format!("the extra CA is no certificate in PEM: {error}")))?;
    if extra_ca.is_some() && extra.is_empty() {
        return Err(InvalidServer::new("the extra CA holds no certificate (-----BEGIN CERTIFICATE-----)"));
    }
    let unusable = |error| InvalidServer::new(format!("TLS cannot be set up: {error}"));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(unusable)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous() // as rustls calls every verifier that is not its own; this one is the platform's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A connection to the first address that takes one.
pub(super) async fn connect(server: &Server, egress: &Egress) -> Result<TcpStream, SendError> {
    let name = server.name();
    let mut failure = SendError::retry(format!("{name} has no address"));
    for address in addresses(server, egress).await? {
        match within(server.limits.connect, TcpStream::connect(address)).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = SendError::retry(format!("cannot connect to {name}: {error}")),
        }
    }
    Err(failure)
}

async fn addresses(server: &Server, egress: &Egress) -> Result<Vec<SocketAddr>, SendError> {
    let (host, port) = (server.host.as_str(), server.port);
    let found = match egress {
        Egress::Trusted => {
            within(server.limits.connect, lookup_host((host, port))).await.map(Iterator::collect)
        }
        Egress::Guarded(outbound) => guarded(server, outbound).await?,
    };
    found.map_err(|error| SendError::retry(format!("cannot find the address of {host}: {error}")))
}

async fn guarded(server: &Server, outbound: &Outbound) -> Result<io::Result<Vec<SocketAddr>>, SendError> {
    let resolved =
        within(server.limits.connect, async { Ok(outbound.resolve(&server.host, server.port).await) });
    match resolved.await {
        Ok(Ok(addresses)) => Ok(Ok(addresses)),
        Ok(Err(kernel::Error::Unavailable { detail: why, .. })) => Ok(Err(io::Error::other(why))),
        Ok(Err(refused)) => Err(SendError::give_up(refused.to_string())),
        Err(slow) => Ok(Err(slow)),
    }
}

/// TLS over a connection, with a certificate for the server's name.
pub(super) async fn secure(
    tls: &TlsConnector,
    server: &Server,
    plain: Box<dyn Stream>,
) -> Result<Box<dyn Stream>, SendError> {
    let host = &server.host;
    let name = ServerName::try_from(host.clone())
        .map_err(|_| SendError::give_up(format!("{host} is no name that a certificate can be for")))?;
    match within(server.limits.command, tls.connect(name, plain)).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(SendError::retry(untrusted(server, &error))),
    }
}

/// Why there is no TLS, for whoever runs the server or the settings.
fn untrusted(server: &Server, error: &io::Error) -> String {
    let name = server.name();
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(_)) => {
            format!("the TLS certificate of {name} is not trusted: {error}")
        }
        Some(rustls::Error::InvalidMessage(_)) => format!(
            "{name} does not speak TLS here ({error}): smtps:// is for TLS from the start, smtp:// for STARTTLS"
        ),
        _ => format!("TLS with {name} failed: {error}"),
    }
}

/// An answer in time, or the error that there was none.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let slow = || io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {limit:?}"));
    timeout(limit, work).await.unwrap_or_else(|_| Err(slow()))
}
