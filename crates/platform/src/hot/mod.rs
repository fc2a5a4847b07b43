//! Hot state: what is counted and remembered for moments, and may be lost.
//!
//! Every process counts in its own memory ([`memory`]). Where the operator names a Redis (`--redis-url`), all processes count there
//! ([`redis`]) as well, so that a limit is one limit however many replicas there are, and short-lived values are shared. Both count
//! alike: they are one trait ([`Counters`]), and the same tests run over both.
//!
//! Nothing here is the truth of anything. While Redis is away, stops or is silent, nobody waits for it: memory, which has counted
//! along, limits each process by itself, values are looked up where they come from, and the log says so once. When Redis
//! answers again all goes on by itself. What must not be lost, such as the counters of guesses at passwords, stands in
//! PostgreSQL (ADR 19).
//!
//! Names in Redis: `ratelimit:api:{token's id, or organization/person}`, `ratelimit:hooks:…`, `ratelimit:strangers:{network}`,
//! `session:{SHA-256 of the session's id}`.

mod limit;
mod memory;
mod redis;

use std::{future::Future, sync::Arc, time::Duration};

use kernel::{Result, Secret};
use tokio_util::sync::CancellationToken;

pub use limit::Limit;
pub(crate) use limit::limited;
pub use memory::Memory;
use redis::Redis;
pub use redis::RedisCounters;

/// What one key may use.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// The time that one request uses up.
    pub cost: Duration,
    /// What may be used up at once.
    pub burst: Duration,
}

impl Rate {
    /// Requests per second, with a burst of ten seconds' worth; none means no limit.
    pub fn per_second(rate: u32) -> Option<Self> {
        let cost = 1_000_000_u64.checked_div(u64::from(rate))?.max(1);
        Some(Self { cost: Duration::from_micros(cost), burst: Duration::from_secs(10) })
    }
}

/// Counts requests by key, each key at its rate: the generic cell rate algorithm (ITU-T I.371), which keeps one moment for each
/// key, until when it has used its rate up.
pub trait Counters: Send + Sync {
    /// How long a key has to wait before it may send again; counts nothing. The error says that nobody could be asked.
    fn wait(&self, key: &str) -> impl Future<Output = Result<Option<Duration>, Away>> + Send;

    /// Counts a request that may be sent; of any other, says how long it has to wait.
    fn take(&self, key: &str) -> impl Future<Output = Result<Option<Duration>, Away>> + Send;
}

/// Redis does not answer, which the log has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away;

/// The hot state of a process: its own, and the one it shares with others where there is a Redis.
#[derive(Clone, Default)]
pub struct Hot {
    redis: Option<Arc<Redis>>,
}

impl Hot {
    /// Shared through this Redis, from when it answers on.
    ///
    /// # Errors
    /// When the URL or the certificates cannot be read; not when nobody answers there.
    pub fn shared(url: &Secret<String>, ca: Option<Vec<u8>>) -> Result<Self> {
        Ok(Self { redis: Some(Arc::new(Redis::new(url, ca)?)) })
    }

    /// A limit by this name, in requests per second of a key; none for none.
    pub fn limit(&self, name: &'static str, per_second: u32) -> Option<Limit> {
        Rate::per_second(per_second).map(|rate| self.limit_to(name, rate))
    }

    /// A limit at any rate.
    pub fn limit_to(&self, name: &'static str, rate: Rate) -> Limit {
        Limit::new(rate, self.counters(name, rate))
    }

    /// What all processes count together, if they share anything.
    pub fn counters(&self, name: &'static str, rate: Rate) -> Option<RedisCounters> {
        self.redis.as_ref().map(|redis| redis.counters(name, rate))
    }

    /// A value that some process put here a moment ago.
    pub async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.redis.as_ref()?.get(key).await.ok()?
    }

    /// Keeps a value for a while, if it can be shared.
    pub async fn put(&self, key: &str, value: &[u8], kept: Duration) {
        if let Some(redis) = &self.redis {
            let _away = redis.put(key, value, kept).await;
        }
    }

    /// Takes values back from every process; where Redis is away, they end when their time does.
    pub async fn forget(&self, keys: &[String]) {
        if let Some(redis) = self.redis.as_ref().filter(|_| !keys.is_empty()) {
            let _away = redis.forget(keys).await;
        }
    }

    /// Whether there is a Redis.
    pub const fn is_shared(&self) -> bool {
        self.redis.is_some()
    }

    /// Whether Redis answers; none where there is none.
    pub fn is_up(&self) -> Option<bool> {
        self.redis.as_ref().map(|redis| redis.is_up())
    }

    /// Returns when Redis answers, or does not any more.
    pub async fn becomes(&self, up: bool) {
        if let Some(redis) = &self.redis {
            redis.becomes(up).await;
        }
    }

    /// Looks whether Redis answers, until stopped. Without this it is never asked.
    pub async fn watch(self, stop: CancellationToken) {
        match &self.redis {
            Some(redis) => redis.watch(stop).await,
            None => stop.cancelled().await,
        }
    }
}
