//! Servers beside PostgreSQL that several processes may share. None is needed.

use std::path::PathBuf;

use clap::Args;
use kernel::{Error, Result};
use platform::hot::Hot;

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
}

impl Peers {
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
    use crate::settings::Settings;

    fn peers(change: impl FnOnce(&mut Peers)) -> Peers {
        let mut peers = Settings::defaults().unwrap().peers;
        change(&mut peers);
        peers
    }

    #[test]
    fn without_peers_a_process_stands_alone() {
        let peers = peers(|_| {});
        assert!(!peers.hot().unwrap().is_shared());
    }

    #[test]
    fn what_leads_nowhere_is_refused_by_its_name() {
        let named = |error: Error| format!("{error:?}");
        let redis = peers(|peers| peers.redis_url = Some("http://:canary@h".parse().unwrap())).hot().err();
        let file = peers(|peers| {
            peers.redis_url = Some("rediss://h".parse().unwrap());
            peers.redis_ca_file = Some("/nowhere".into());
        });
        let found = [redis, file.hot().err()].map(|error| named(error.unwrap()));
        for (found, name) in found.iter().zip(["--redis-url", "--redis-ca-file"]) {
            assert!(found.contains(name) && !found.contains("canary"), "{found}");
        }
    }
}
