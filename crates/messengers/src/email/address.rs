//! Addresses (RFC 5321, section 4.1.2; RFC 6531 for letters outside ASCII) and the names that stand beside them.

use std::{fmt, str::FromStr};

use idna::AsciiDenyList;

/// RFC 5321, section 4.5.3.1.3: a path has 256 octets, two of them the brackets.
const LONGEST: usize = 254;

/// `local@domain`; the domain is written as DNS knows it, in ASCII.
///
/// Neither quoted local parts nor addresses of machines (`jo@[192.0.2.1]`) are taken: nobody who gets our mail has one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address(lettre::Address);

/// Why a text is no address; the text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address such as jo@example.com")]
pub struct InvalidAddress;

impl Address {
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What stands behind the @.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    /// Whether only a server with SMTPUTF8 (RFC 6531) can take mail for it.
    pub(super) fn needs_utf8(&self) -> bool {
        !self.as_str().is_ascii()
    }

    pub(super) fn inner(&self) -> &lettre::Address {
        &self.0
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        // The parser of addresses would take some of these inside quotes.
        if text.contains(|one: char| one.is_control() || one.is_whitespace() || "\"\\<>".contains(one)) {
            return Err(InvalidAddress);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidAddress)?;
        let domain =
            idna::domain_to_ascii_cow(domain.as_bytes(), AsciiDenyList::URL).map_err(|_| InvalidAddress)?;
        let address = lettre::Address::new(local, &domain).map_err(|_| InvalidAddress)?;
        if AsRef::<str>::as_ref(&address).len() > LONGEST {
            return Err(InvalidAddress);
        }
        Ok(Self(address))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// An address and the name that programs show instead of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub name: Option<String>,
    pub address: Address,
}

impl From<Address> for Mailbox {
    fn from(address: Address) -> Self {
        Self { name: None, address }
    }
}

/// `jo@example.com` or `Jo Doe <jo@example.com>`, as people write it in a setting.
impl FromStr for Mailbox {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) else {
            return Ok(text.parse::<Address>()?.into());
        };
        let name = Some(name.trim().trim_matches('"').trim()).filter(|name| !name.is_empty());
        Ok(Self { name: name.map(str::to_owned), address: address.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Mailbox};

    #[test]
    fn an_address_is_taken_or_refused_as_a_whole() {
        let check = |text: &str, expected: Option<&str>| {
            let found = text.parse::<Address>().ok().map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        };
        check("jo@example.com", Some("jo@example.com"));
        check(" Jo.Doe+x@EXAMPLE.com ", Some("Jo.Doe+x@example.com"));
        check("jo@bücher.example", Some("jo@xn--bcher-kva.example"));
        check("jö@example.com", Some("jö@example.com"));
        check("root@localhost", Some("root@localhost"));
        for wrong in [
            "",
            "jo",
            "@example.com",
            "jo@",
            "jo@example..com",
            "jo@exam ple.com",
            "jo@example.com>",
            "<jo@example.com>",
            "jo@example.com\r\nBcc: all@example.com",
            "jo\r\n@example.com",
            "jo\0@example.com",
            "jo\u{85}@example.com",
            "\"jo doe\"@example.com",
            "\"jo\"@example.com",
            "a@b@example.com",
            "jo@ex%0d%0aample.com",
            "jo@[192.0.2.1]",
        ] {
            check(wrong, None);
        }
        check(&format!("{}@example.com", "j".repeat(65)), None);
        check(&format!("jo@{}example.com", "label.".repeat(45)), None);
    }

    #[test]
    fn a_mailbox_has_a_name_or_none() {
        let check = |text: &str, name: Option<&str>| {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!(
                (mailbox.name.as_deref(), mailbox.address.as_str()),
                (name, "jo@example.com"),
                "{text:?}"
            );
        };
        check("jo@example.com", None);
        check("<jo@example.com>", None);
        check("Jo Doe <jo@example.com>", Some("Jo Doe"));
        check("\"Doe, Jo\" <jo@example.com>", Some("Doe, Jo"));
        assert!("Jo <jo@example.com> and more".parse::<Mailbox>().is_err());
        assert!("Jo <jo>".parse::<Mailbox>().is_err());
    }
}
