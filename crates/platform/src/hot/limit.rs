//! A limit over all processes, and of this one alone while the others cannot be asked.

use std::time::Duration;

use kernel::{Code, Error};

use super::{Counters, Memory, Rate, RedisCounters};

/// How often one key may send. Redis decides where it answers; memory counts along, and refuses by itself what Redis would refuse,
/// so that a flood costs no questions.
pub struct Limit {
    own: Memory,
    shared: Option<RedisCounters>,
}

impl Limit {
    pub(super) fn new(rate: Rate, shared: Option<RedisCounters>) -> Self {
        Self { own: Memory::new(rate), shared }
    }

    /// Whether other processes count along.
    pub const fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// How long a key has to wait, as far as this process can tell by itself.
    pub fn wait_here(&self, key: &str) -> Option<Duration> {
        self.own.wait_now(key)
    }

    /// How long a key has to wait, whichever processes it sent to.
    pub async fn wait(&self, key: &str) -> Option<Duration> {
        if let Some(wait) = self.wait_here(key) {
            return Some(wait);
        }
        self.shared.as_ref()?.wait(key).await.unwrap_or_default()
    }

    /// Counts a request that may be sent; of any other, says how long it has to wait.
    pub async fn take(&self, key: &str) -> Option<Duration> {
        if let Some(wait) = self.own.wait_now(key) {
            return Some(wait);
        }
        if let Some(shared) = &self.shared
            && let Ok(Some(wait)) = shared.take(key).await
        {
            return Some(wait);
        }
        self.own.take_now(key)
    }
}

/// Too much at once. `whose` says which limit it was, in the words of the operator's settings.
pub(crate) fn limited(wait: Duration, whose: &str) -> Error {
    let retry_after = wait.as_secs() + 1;
    let detail = format!("too many requests: {whose}; try again in {retry_after} s");
    Error::Limited { code: Code("rate_limited"), detail, retry_after }
}
