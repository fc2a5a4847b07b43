//! A server in one line, as an operator writes it in a setting:
//!
//! ```text
//! smtps://user:password@mail.example        TLS from the start, port 465
//! smtp://user:password@mail.example         STARTTLS, port 587; never without
//! smtp://localhost?tls=none                 no TLS, port 25
//! ```

use kernel::Secret;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::{InvalidServer, Limits, Login, Security, Server};

impl Server {
    /// The server that a URL names. User and password are percent-encoded in it.
    ///
    /// # Errors
    /// What to write instead. Nothing of the URL is repeated, as its password may stand anywhere in it.
    pub fn from_url(text: &str) -> Result<Self, InvalidServer> {
        let url = Url::parse(text.trim()).map_err(|_| {
            InvalidServer::new(
                "must be a URL such as smtps://user:password@mail.example:465; in a password, write % / ? # \
                 percent-encoded (% is %25, / is %2F, ? is %3F, # is %23)",
            )
        })?;
        let security = security(&url)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(InvalidServer::new(
                "only ?tls=none may follow the host and port; in a password, write / ? # percent-encoded (/ is %2F, ? is \
                 %3F, # is %23)",
            ));
        }
        let server = Self {
            host: host(&url)?,
            port: url.port().unwrap_or_else(|| security.default_port()),
            security,
            credentials: credentials(&url)?,
            extra_ca: None,
            limits: Limits::default(),
        };
        server.check()?;
        Ok(server)
    }
}

fn security(url: &Url) -> Result<Security, InvalidServer> {
    match (url.scheme(), url.query()) {
        ("smtps", None) => Ok(Security::Tls),
        ("smtp", None) => Ok(Security::StartTls),
        ("smtp", Some("tls=none")) => Ok(Security::Plain),
        ("smtps" | "smtp", Some(_)) => Err(InvalidServer::new(
            "only ?tls=none may follow, and only after smtp://; in a password, write ? as %3F",
        )),
        _ => Err(InvalidServer::new("must begin with smtps:// (TLS from the start) or smtp:// (STARTTLS)")),
    }
}

fn host(url: &Url) -> Result<String, InvalidServer> {
    // The scheme is none that the parser knows hosts of, so that it left the host as it was.
    let host = Host::parse(url.host_str().unwrap_or_default())
        .map_err(|_| InvalidServer::new("must name a host, such as smtps://mail.example"))?;
    Ok(match host {
        Host::Domain(name) => name,
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    })
}

fn credentials(url: &Url) -> Result<Option<Login>, InvalidServer> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.map(String::from)
            .map_err(|_| InvalidServer::new("user and password must be UTF-8, percent-encoded"))
    };
    let user = decoded(url.username())?;
    let password = url.password().map(decoded).transpose()?.map(Secret::new);
    match password.filter(|password| !password.expose().is_empty()) {
        Some(_) if user.is_empty() => Err(InvalidServer::new("has a password but no user")),
        Some(password) => Ok(Some(Login { user, password })),
        None if user.is_empty() => Ok(None),
        None => Err(InvalidServer::new("has a user but no password: smtps://user:password@…")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Security, Server};

    #[test]
    fn a_url_names_a_server() {
        let check = |url: &str,
                     host: &str,
                     port: u16,
                     security: Security,
                     credentials: Option<(&str, &str)>| {
            let server = Server::from_url(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((server.host.as_str(), server.port, server.security), (host, port, security), "{url}");
            let found = server.credentials.as_ref();
            let found = found.map(|found| (found.user.as_str(), found.password.expose().as_str()));
            assert_eq!(found, credentials, "{url}");
        };
        let user = Some(("user", "pass"));
        check("smtps://user:pass@mail.example:465", "mail.example", 465, Security::Tls, user);
        check("smtps://user:pass@mail.example", "mail.example", 465, Security::Tls, user);
        check("smtp://user:pass@mail.example", "mail.example", 587, Security::StartTls, user);
        check("smtp://mail.example:25/", "mail.example", 25, Security::StartTls, None);
        check("smtp://10.0.0.5?tls=none", "10.0.0.5", 25, Security::Plain, None);
        check("smtp://user:pass@localhost:1025?tls=none", "localhost", 1025, Security::Plain, user);
        check("smtp://user:pass@[::1]?tls=none", "::1", 25, Security::Plain, user);
        check("smtps://Mail.Bücher.Example", "mail.xn--bcher-kva.example", 465, Security::Tls, None);
        let odd = Some(("jo@example.com", "p:a/s?s#w%ö"));
        check(
            "smtps://jo%40example.com:p%3Aa%2Fs%3Fs%23w%25%C3%B6@mail.example",
            "mail.example",
            465,
            Security::Tls,
            odd,
        );
    }

    #[test]
    fn a_wrong_url_is_told_how_to_be_right_and_never_repeated() {
        let check = |url: &str, hint: &str| {
            let error = Server::from_url(url).err().unwrap_or_else(|| panic!("{url} was taken")).to_string();
            assert!(error.contains(hint), "{url}: {error}");
            for piece in ["canary", "tail", "mail.test"] {
                assert!(!error.contains(piece), "{url}: {error}");
            }
        };
        check("mail.test", "must be a URL such as smtps://");
        check("mail.test:587", "smtps://");
        check("https://user:canary@mail.test", "must begin with smtps://");
        check("smtps:///", "must name a host");
        check("smtps://user:canary@", "smtps://");
        check("smtps://user:canary@mail.test/inbox", "only ?tls=none");
        check("smtps://user:canary@mail.test?tls=none", "only after smtp://");
        check("smtp://user:canary@mail.test?tls=maybe", "only ?tls=none");
        check("smtps://user@mail.test", "no password");
        check("smtps://:canary@mail.test", "no user");
        check("smtps://user:can%FFary@mail.test", "UTF-8");
        check("smtp://user:canary@mail.test?tls=none", "in the clear");
        check("smtp://user:canary@10.0.0.5?tls=none", "in the clear");
        // Passwords with characters that end a part of a URL.
        for url in [
            "smtps://user:canary/tail@mail.test",
            "smtps://user:canary?tail@mail.test",
            "smtps://user:canary#tail@mail.test",
        ] {
            check(url, "percent-encoded");
        }
    }
}
