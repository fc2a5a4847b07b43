//! The way out: requests to addresses that customers typed in.
//!
//! A guarded client refuses to talk to this machine and its private network (server-side request forgery),
//! whatever name an address hides behind: names are checked when they are resolved, for each connection, so that
//! a name that changes its address in between gains nothing. Redirects are not followed.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use kernel::{Error, Result};
use reqwest::{
    Client, Method, RequestBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::{Host, Url};

/// Which private targets the operator allows, as `host` or `host:port`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub allowed: Vec<String>,
}

impl Policy {
    fn allows(&self, host: &str, port: u16) -> bool {
        self.allowed.iter().any(|allowed| match allowed.rsplit_once(':') {
            Some((name, text)) if text.parse() == Ok(port) => name == host,
            _ => allowed == host,
        })
    }

    fn allows_host(&self, host: &str) -> bool {
        self.allowed
            .iter()
            .any(|allowed| allowed.rsplit_once(':').map_or(allowed.as_str(), |(name, _)| name) == host)
    }
}

/// An HTTP client that keeps to a [`Policy`].
#[derive(Clone)]
pub struct Outbound {
    client: Client,
    /// The same without a limit of time.
    patient: Client,
    policy: Arc<Policy>,
}

impl Outbound {
    /// # Errors
    /// When the TLS roots of this machine cannot be loaded.
    pub fn new(policy: Policy, timeout: Duration) -> Result<Self> {
        let policy = Arc::new(policy);
        let guarded = || {
            Client::builder()
                .user_agent(concat!("steward/", env!("CARGO_PKG_VERSION")))
                .redirect(redirect::Policy::none())
                .no_proxy()
                .connect_timeout(Duration::from_secs(5))
                .dns_resolver(Arc::new(Guard(policy.clone())))
        };
        let client = guarded().timeout(timeout).build().map_err(Error::internal)?;
        let patient = guarded().build().map_err(Error::internal)?;
        Ok(Self { client, patient, policy })
    }

    /// A request to an address from outside.
    ///
    /// # Errors
    /// `egress_refused` for a scheme other than HTTP, or an address of this machine or a private network.
    pub fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder> {
        self.check(url)?;
        Ok(self.client.request(method, url.clone()))
    }

    /// A client for an address from outside whose answers take their time. The caller says how long they may.
    ///
    /// # Errors
    /// As [`Outbound::request`].
    pub fn patient(&self, url: &Url) -> Result<Client> {
        self.check(url)?;
        Ok(self.patient.clone())
    }

    /// Whether a URL may be called, as far as that can be told without resolving its name.
    pub fn check(&self, url: &Url) -> Result<()> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(format!("only http and https are called, not {}", url.scheme())));
        }
        let Some(host) = url.host() else { return Err(refused("the address names no host".into())) };
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if self.policy.allows(name, url.port_or_known_default().unwrap_or_default()) {
            return Ok(());
        }
        let private = match host {
            Host::Ipv4(ip) => is_private(ip.into()),
            Host::Ipv6(ip) => is_private(ip.into()),
            // A name that is allowed on one port only must not be reached on another.
            Host::Domain(name) => name == "localhost" || self.policy.allows_host(name),
        };
        if private {
            return Err(off_limits(name));
        }
        Ok(())
    }

    /// The addresses of a host from outside that speaks something else than HTTP, such as a mail server. Connect to one
    /// of these: the name may lead elsewhere a moment later.
    ///
    /// # Errors
    /// `egress_refused` when it is this machine or on a private network; `unavailable` when the name has no address.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>> {
        let allowed = self.policy.allows(host, port);
        // A name that is allowed on one port only must not be reached on another.
        if !allowed && self.policy.allows_host(host) {
            return Err(off_limits(host));
        }
        let found = tokio::net::lookup_host((host, port)).await;
        let found = found.map_err(|error| Error::unavailable(error.to_string()))?;
        let addresses: Vec<_> = found.filter(|address| allowed || !is_private(address.ip())).collect();
        if addresses.is_empty() { Err(off_limits(host)) } else { Ok(addresses) }
    }

    /// A client for addresses that the operator configured, such as a model on this machine.
    pub fn trusted(timeout: Duration) -> Result<Client> {
        Client::builder()
            .user_agent(concat!("steward/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(timeout)
            .build()
            .map_err(Error::internal)
    }
}

fn refused(detail: String) -> Error {
    Error::invalid("egress_refused", detail)
}

fn off_limits(host: &str) -> Error {
    refused(format!("{host} is on this machine or a private network; allow it with --egress-allow"))
}

/// Loopback, link-local, private, shared, multicast, documentation and reserved ranges (IANA special-purpose
/// address registries, RFC 6890), also behind IPv4-mapped, NAT64 and 6to4 addresses.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))
        }
        IpAddr::V6(ip) => {
            let segments = ip.segments();
            let embedded = |high: u16, low: u16| {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                is_private(IpAddr::from([a, b, c, d]))
            };
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
                || segments[0] == 0x2001 && segments[1] == 0xdb8
                || segments[..6] == [0, 0, 0, 0, 0, 0xffff] && embedded(segments[6], segments[7])
                || segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] && embedded(segments[6], segments[7])
                || segments[0] == 0x2002 && embedded(segments[1], segments[2])
        }
    }
}

/// Resolves names and drops private addresses, unless the name is allowed.
struct Guard(Arc<Policy>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let allowed = policy.allows_host(&host);
            let addresses: Vec<SocketAddr> =
                found.filter(|address| allowed || !is_private(address.ip())).collect();
            if addresses.is_empty() {
                return Err(format!("{host} leads to this machine or a private network").into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outbound, Policy};

    fn check(allowed: &[&str], url: &str) -> bool {
        let policy = Policy { allowed: allowed.iter().map(|host| (*host).to_owned()).collect() };
        let outbound = Outbound::new(policy, Duration::from_secs(1)).unwrap();
        outbound.check(&url.parse().unwrap()).is_ok()
    }

    #[test]
    fn private_targets_are_refused() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://localhost:8080/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://0.0.0.0/",
            "ftp://example.com/",
            "file:///etc/passwd",
        ] {
            assert!(!check(&[], url), "{url}");
        }
    }

    #[test]
    fn public_targets_are_allowed() {
        assert!(check(&[], "https://hooks.slack.com/services/x"));
        assert!(check(&[], "http://93.184.216.34/"));
    }

    #[test]
    fn an_allowed_port_opens_no_other_port() {
        assert!(check(&["127.0.0.1:9090"], "http://127.0.0.1:9090/"));
        assert!(!check(&["127.0.0.1:9090"], "http://127.0.0.1:5432/"));
        assert!(check(&["127.0.0.1"], "http://127.0.0.1:5432/"));
        assert!(!check(&["metrics.internal:9090"], "http://metrics.internal:22/"));
    }

    #[tokio::test]
    async fn a_host_is_resolved_to_addresses_that_may_be_reached() {
        let check = async |allowed: &[&str], host: &str, expected: bool| {
            let policy = Policy { allowed: allowed.iter().map(|host| (*host).to_owned()).collect() };
            let outbound = Outbound::new(policy, Duration::from_secs(1)).unwrap();
            let found = outbound.resolve(host, 25).await;
            assert_eq!(found.is_ok(), expected, "{host} with {allowed:?}: {found:?}");
            if let Err(error) = found {
                assert_eq!(error.code().0, "egress_refused", "{host}: {error}");
            }
        };
        check(&[], "93.184.216.34", true).await;
        for host in ["127.0.0.1", "localhost", "10.1.2.3", "2130706433", "0x7f.1", "::1", "::ffff:10.0.0.1"] {
            check(&[], host, false).await;
        }
        check(&["localhost"], "localhost", true).await;
        check(&["localhost:25"], "localhost", true).await;
        check(&["localhost:587"], "localhost", false).await;
        check(&["10.1.2.3:587"], "10.1.2.3", false).await;
    }

    #[tokio::test]
    async fn a_public_name_for_a_private_address_is_refused_when_it_is_resolved() {
        let outbound = Outbound::new(Policy::default(), Duration::from_secs(5)).unwrap();
        // The machine's own name passes the check of the text but resolves to loopback.
        let url = "http://ip6-localhost:1/".parse().unwrap();
        let error = outbound.request(reqwest::Method::GET, &url).unwrap().send().await.unwrap_err();
        assert!(format!("{error:?}").contains("private network") || error.is_connect(), "{error:?}");
    }
}
