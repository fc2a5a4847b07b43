//! A range of addresses, such as that of the operator's proxies.

use std::{net::IpAddr, str::FromStr};

use kernel::{Error, Result};

/// Addresses that share a prefix (RFC 4632), such as `10.0.0.0/8`; a single address without a `/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    mask: u128,
    v4: bool,
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.v4 && bits(address) & self.mask == self.bits
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let invalid = || {
            let detail = format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
            Error::invalid("invalid_network", detail)
        };
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| invalid())?.to_canonical();
        let width = if address.is_ipv4() { 32 } else { 128 };
        let host = width - length.unwrap_or(width).min(width);
        if length.is_some_and(|length| length > width) {
            return Err(invalid());
        }
        let mask = u128::MAX.checked_shl(host).unwrap_or_default();
        Ok(Self { bits: bits(address) & mask, mask, v4: address.is_ipv4() })
    }
}
