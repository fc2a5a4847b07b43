//! Where a request came from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use platform::{db::Origin, http::Problem};

use super::{forgery, network::Network};
use crate::Deps;

/// Bytes of a user agent that are kept.
const USER_AGENT: usize = 255;

/// Where somebody who signs in comes from. Another site's page cannot sign its visitors in.
pub(crate) struct FromBrowser(pub Origin);

impl FromRequestParts<Deps> for FromBrowser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Problem> {
        forgery::check_origin(parts, deps.options.public_url.as_ref())?;
        Ok(Self(origin(parts, &deps.options.trusted_proxies)))
    }
}

pub(crate) fn origin(parts: &Parts, trusted: &[Network]) -> Origin {
    let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin {
        ip: address(parts, trusted).map(|address| address.to_string()),
        user_agent: user_agent.map(|text| text.chars().take(USER_AGENT).collect()),
    }
}

/// The client's address. Each proxy appends the address it was called from to `X-Forwarded-For`, so the last entry
/// that no trusted proxy stands at is the client; what stands before it is the client's own claim.
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
