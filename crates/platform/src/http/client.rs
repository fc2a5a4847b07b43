//! Where a request came from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, header, request::Parts},
};

use super::Network;
use crate::db::Origin;

/// Bytes of a user agent that are kept.
const USER_AGENT: usize = 255;

/// The sender of a request, found out once, before anything else is done for it.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub address: Option<IpAddr>,
    pub user_agent: Option<String>,
}

impl Client {
    /// Each proxy appends the address it was called from to `X-Forwarded-For`, so the last entry that no trusted proxy stands at
    /// is the client; what stands before it is the client's own claim.
    pub fn behind(parts: &Parts, trusted: &[Network]) -> Self {
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            address: address(parts, trusted),
            user_agent: user_agent.map(|text| text.chars().take(USER_AGENT).collect()),
        }
    }

    /// Who sent this request, as it was found out at the door.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    pub fn origin(&self) -> Origin {
        Origin { ip: self.address.map(|address| address.to_string()), user_agent: self.user_agent.clone() }
    }

    /// What is counted together: an IPv6 subscriber has a whole /64 to send from (RFC 6177).
    pub fn network(&self) -> String {
        self.address.map_or_else(String::new, network_of)
    }
}

/// The network that an address stands for when attempts or requests are counted.
pub fn network_of(address: IpAddr) -> String {
    match address {
        IpAddr::V6(address) => format!("{:x}/64", u128::from(address) >> 64),
        IpAddr::V4(address) => address.to_string(),
    }
}

fn address(parts: &Parts, trusted: &[Network]) -> Option<IpAddr> {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    let mut client = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    for hop in forwarded_for(&parts.headers).into_iter().rev() {
        if !is_trusted(&client) {
            break;
        }
        match hop {
            Some(address) => client = address,
            None => break,
        }
    }
    Some(client)
}

/// The entries of all `X-Forwarded-For` headers, in order; none for one that is no address.
fn forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|entry| parse(entry.trim())).collect()
}

/// An address, with or without a port.
fn parse(entry: &str) -> Option<IpAddr> {
    let address = entry.parse::<IpAddr>().ok().or_else(|| Some(entry.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn request(peer: &str, forwarded: &[&str]) -> Parts {
        let mut request = Request::builder().extension(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn only_trusted_proxies_may_say_who_called_them() {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
        let check = |peer: &str, forwarded: &[&str], expected: &str| {
            let origin = Client::behind(&request(peer, forwarded), &trusted).origin();
            assert_eq!(origin.ip.as_deref(), Some(expected), "{peer} {forwarded:?}");
        };
        check("203.0.113.1:4000", &[], "203.0.113.1");
        check("203.0.113.1:4000", &["198.51.100.9"], "203.0.113.1");
        check("10.0.0.1:4000", &["198.51.100.9"], "198.51.100.9");
        check("10.0.0.1:4000", &["6.6.6.6, 198.51.100.9, 10.0.0.2"], "198.51.100.9");
        check("10.0.0.1:4000", &["6.6.6.6", "198.51.100.9"], "198.51.100.9");
        check("10.0.0.1:4000", &["198.51.100.9, nonsense"], "10.0.0.1");
        check("10.0.0.1:4000", &["198.51.100.9:5000"], "198.51.100.9");
        check("10.0.0.1:4000", &["10.0.0.3"], "10.0.0.3");
        check("[::ffff:10.0.0.1]:4000", &["[2001:db8::1]:5000"], "2001:db8::1");
        let unknown = Request::builder().body(()).unwrap().into_parts().0;
        assert_eq!(Client::behind(&unknown, &trusted).address, None);
    }

    #[test]
    fn an_ipv6_subscriber_is_one_network() {
        let network = |address: &str| network_of(address.parse().unwrap());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
