//! Servers beside PostgreSQL that several processes may share. None is needed.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use kernel::{Error, Result, Secret};
use platform::{feed, hot::Hot};

use super::SecretText;

/// Where several processes meet.
#[derive(Args, Clone, Debug)]
pub struct Peers {
    /// A Redis in which all processes count together and keep sessions at hand: redis://:password@host:6379/0, or rediss://… for TLS
    /// [default: each counts by itself]
    #[arg(long, env = "STEWARD_REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<SecretText>,

    /// File of certificates (PEM) that Redis may show instead of those the machine trusts
    #[arg(long, env = "STEWARD_REDIS_CA_FILE", value_name = "FILE", requires = "redis_url")]
    pub redis_ca_file: Option<PathBuf>,

    /// A NATS with JetStream that gets all events, for customers' programs: nats://user:password@host:4222, or tls://…
    /// [default: none]
    #[arg(long, env = "STEWARD_NATS_URL", hide_env_values = true, value_name = "URL")]
    pub nats_url: Option<SecretText>,

    /// File of certificates (PEM) that NATS may show beside those the machine trusts
    #[arg(long, env = "STEWARD_NATS_CA_FILE", value_name = "FILE", requires = "nats_url")]
    pub nats_ca_file: Option<PathBuf>,

    /// Name of the stream there; it is made if there is none
    #[arg(long, env = "STEWARD_NATS_STREAM", value_name = "NAME", default_value = "steward",
        value_parser = stream_name)]
    pub nats_stream: String,

    /// How long the stream keeps events, in days; 0 is for ever
    #[arg(long, env = "STEWARD_NATS_RETENTION_DAYS", value_name = "DAYS", default_value_t = 7)]
    pub nats_retention_days: u32,
}

/// A stream's name is one word of a subject.
pub fn stream_name(text: &str) -> Result<String, &'static str> {
    let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(text.to_owned()) } else { Err("must be of letters, digits, - and _") }
}

fn nats_address(url: &SecretText) -> Result<Secret<String>> {
    let url = url.secret();
    if ["nats://", "tls://"].iter().any(|scheme| url.expose().starts_with(scheme)) {
        return Ok(url);
    }
    let detail = "must begin with nats:// or, for TLS, tls://";
    Err(Error::field("invalid_setting", "--nats-url", detail))
}

/// The stream in NATS, for a command that does not relay.
#[derive(Args, Debug)]
pub struct Nats {
    /// The NATS, as Steward's own user
    #[arg(long, env = "STEWARD_NATS_URL", hide_env_values = true, value_name = "URL")]
    nats_url: SecretText,

    /// File of certificates (PEM) that NATS may show beside those the machine trusts
    #[arg(long, env = "STEWARD_NATS_CA_FILE", value_name = "FILE")]
    nats_ca_file: Option<PathBuf>,

    /// Name of the stream there
    #[arg(long, env = "STEWARD_NATS_STREAM", value_name = "NAME", default_value = "steward",
        value_parser = stream_name)]
    nats_stream: String,
}

impl Nats {
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn options(self) -> Result<feed::Options> {
        let url = nats_address(&self.nats_url)?;
        Ok(feed::Options { url, ca_file: self.nats_ca_file, stream: self.nats_stream, kept: None })
    }
}

impl Peers {
    /// Where events are handed on to, if anywhere.
    ///
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn feed(&self) -> Result<Option<feed::Options>> {
        let Some(url) = &self.nats_url else { return Ok(None) };
        let days = u64::from(self.nats_retention_days);
        Ok(Some(feed::Options {
            url: nats_address(url)?,
            ca_file: self.nats_ca_file.clone(),
            stream: self.nats_stream.clone(),
            kept: (days > 0).then(|| Duration::from_secs(days * 24 * 3600)),
        }))
    }

    /// The hot state of this process.
    ///
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn hot(&self) -> Result<Hot> {
        let Some(url) = &self.redis_url else { return Ok(Hot::default()) };
        let wrong =
            |error: std::io::Error| Error::field("invalid_setting", "--redis-ca-file", error.to_string());
        let ca = self.redis_ca_file.as_ref().map(std::fs::read).transpose().map_err(wrong)?;
        Hot::shared(&url.secret(), ca)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::settings::Settings;

    fn peers(change: impl FnOnce(&mut Peers)) -> Peers {
        let mut peers = Settings::defaults().unwrap().peers;
        change(&mut peers);
        peers
    }

    #[test]
    fn without_peers_a_process_stands_alone() {
        let peers = peers(|_| {});
        assert!(!peers.hot().unwrap().is_shared() && peers.feed().unwrap().is_none());
    }

    #[test]
    fn what_leads_nowhere_is_refused_by_its_name() {
        let named = |error: Error| format!("{error:?}");
        let redis = peers(|peers| peers.redis_url = Some("http://:canary@h".parse().unwrap())).hot().err();
        let file = peers(|peers| {
            peers.redis_url = Some("rediss://h".parse().unwrap());
            peers.redis_ca_file = Some("/nowhere".into());
        });
        let nats = peers(|peers| peers.nats_url = Some("http://u:canary@h".parse().unwrap())).feed().err();
        let found = [redis, file.hot().err(), nats].map(|error| named(error.unwrap()));
        for (found, name) in found.iter().zip(["--redis-url", "--redis-ca-file", "--nats-url"]) {
            assert!(found.contains(name) && !found.contains("canary"), "{found}");
        }
    }

    #[test]
    fn a_stream_keeps_events_for_as_long_as_is_set() {
        let kept = |days| {
            let peers = peers(|peers| {
                peers.nats_url = Some("nats://u:p@h".parse().unwrap());
                peers.nats_retention_days = days;
            });
            peers.feed().unwrap().unwrap().kept
        };
        assert_eq!((kept(0), kept(2)), (None, Some(Duration::from_secs(172_800))));
        assert!(stream_name("a.b").is_err() && stream_name("").is_err() && stream_name("steward-2").is_ok());
    }
}
