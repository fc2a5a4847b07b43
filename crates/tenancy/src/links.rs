//! Links that open one thing once, sent by mail or handed over.
//!
//! A link is nothing that is stored: it names its row and carries an HMAC-SHA-256 under the server's pepper over the name and
//! over the row's state. When that state moves on (the invitation was accepted, the password changed), the link no longer
//! fits. A stolen database therefore holds no link, and a mail that is sent twice holds the same one.
//!
//! Browsers get it behind `#`, which they send to no server and put into no `Referer`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Secret};
use sha2::Sha256;

const MAC: usize = 32;

/// What a link is for: one of a kind opens nothing of another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Invitation,
    Password,
}

impl Purpose {
    const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Invitation => b"steward invitation link",
            Self::Password => b"steward password link",
        }
    }
}

/// What came with a request that says to be a link.
pub(crate) struct Link<const N: usize> {
    /// What it names: nothing to rely on before [`Link::check`].
    pub name: [u8; N],
    mac: Vec<u8>,
}

fn mac(pepper: &[u8], purpose: Purpose, name: &[u8], state: &[u8]) -> Result<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(Error::internal)?;
    // Neither a purpose nor a name is the start of another: their lengths are fixed.
    for part in [purpose.as_bytes(), &[0], name, state] {
        mac.update(part);
    }
    Ok(mac)
}

/// The text of a link to the row of this name in this state.
pub(crate) fn seal(pepper: &[u8], purpose: Purpose, name: &[u8], state: &[u8]) -> Result<Secret<String>> {
    let mac = mac(pepper, purpose, name, state)?.finalize().into_bytes();
    Ok(Secret::new(URL_SAFE_NO_PAD.encode([name, &mac].concat())))
}

impl<const N: usize> Link<N> {
    /// # Errors
    /// `invalid_link` when it has not the shape of a link.
    pub(crate) fn parse(text: &Secret<String>) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.expose().trim()).map_err(|_| invalid())?;
        let (name, mac) =
            bytes.split_at_checked(N).filter(|(_, mac)| mac.len() == MAC).ok_or_else(invalid)?;
        Ok(Self { name: name.try_into().map_err(|_| invalid())?, mac: mac.to_vec() })
    }

    /// Whether we made it, for this row as it is now.
    ///
    /// # Errors
    /// `invalid_link`
    pub(crate) fn check(&self, pepper: &[u8], purpose: Purpose, state: &[u8]) -> Result<()> {
        mac(pepper, purpose, &self.name, state)?.verify_slice(&self.mac).map_err(|_| invalid())
    }
}

/// One answer for a link that was cut off, made up, replaced or used: it tells nobody which.
pub(crate) fn invalid() -> Error {
    let detail = "this link is not valid, or not any more: use the newest one, or ask for another";
    Error::invalid("invalid_link", detail)
}

#[cfg(test)]
mod tests {
    use kernel::Secret;

    use super::{Link, Purpose, seal};

    fn code(text: &str, purpose: Purpose, state: &[u8]) -> Result<[u8; 4], &'static str> {
        let link = Link::<4>::parse(&Secret::new(text.to_owned())).map_err(|error| error.code().0)?;
        link.check(b"pepper", purpose, state).map_err(|error| error.code().0)?;
        Ok(link.name)
    }

    #[test]
    fn a_link_fits_its_purpose_and_its_state_and_nothing_else() {
        let text = seal(b"pepper", Purpose::Password, b"name", b"state").unwrap().expose().clone();
        assert_eq!(code(&text, Purpose::Password, b"state"), Ok(*b"name"));
        assert_eq!(code(&text, Purpose::Password, b"later"), Err("invalid_link"));
        assert_eq!(code(&text, Purpose::Invitation, b"state"), Err("invalid_link"));
        assert_eq!(code(&text[..text.len() - 1], Purpose::Password, b"state"), Err("invalid_link"));
        let foreign = seal(b"another pepper", Purpose::Password, b"name", b"state").unwrap();
        assert_eq!(code(foreign.expose(), Purpose::Password, b"state"), Err("invalid_link"));
        for text in ["", "x", "ä", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(code(text, Purpose::Password, b"state"), Err("invalid_link"), "{text}");
        }
    }
}
