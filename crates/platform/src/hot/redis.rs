//! Redis: one connection that comes back by itself, and whether there is any use in asking.
//!
//! A question that fails, or gets no answer in time, says that Redis is away; from then on nobody asks, until a probe, twice a second,
//! succeeds. The probe writes, so that a Redis that is full or a replica counts as away as well.

use std::{sync::Arc, time::Duration};

use kernel::{Error, Result, Secret};
use redis::{
    Client, FromRedisValue, RedisResult, Script, TlsCertificates,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Away, Counters, Rate, memory::micros};

/// Longest wait for an answer, once each time that Redis goes away.
const PATIENCE: Duration = Duration::from_secs(1);
const PROBE_EVERY: Duration = Duration::from_millis(500);

/// The generic cell rate algorithm, on the clock of Redis, which all processes share. `%.0f`, because a number as Lua prints it has
/// fourteen digits, and a moment in microseconds sixteen.
const COUNT: &str = "
    local time = redis.call('TIME')
    local now = time[1] * 1000000 + time[2]
    local cost, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
    local used_until = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0') or 0)
    local over = used_until + cost - now - burst
    if over > 0 then return over end
    if ARGV[3] == 'take' then
        local kept = math.ceil((used_until + cost - now) / 1000)
        redis.call('SET', KEYS[1], string.format('%.0f', used_until + cost), 'PX', string.format('%.0f', kept))
    end
    return 0";

pub struct Redis {
    client: Client,
    connection: tokio::sync::OnceCell<ConnectionManager>,
    count: Script,
    /// Whether it answers; none before it was asked.
    up: watch::Sender<Option<bool>>,
}

impl Redis {
    pub(super) fn new(url: &Secret<String>, ca: Option<Vec<u8>>) -> Result<Self> {
        // The library's errors do not repeat the URL, but neither do they help.
        let wrong = |_| {
            let detail = "is no URL of a Redis, such as redis://:password@host:6379/0 or rediss://… for TLS";
            Error::field("invalid_setting", "--redis-url", detail)
        };
        let client = match ca {
            Some(_) => {
                let certificates = TlsCertificates { client_tls: None, root_cert: ca };
                Client::build_with_tls(url.expose().as_str(), certificates)
            }
            None => Client::open(url.expose().as_str()),
        };
        Ok(Self {
            client: client.map_err(wrong)?,
            connection: tokio::sync::OnceCell::new(),
            count: Script::new(COUNT),
            up: watch::Sender::new(None),
        })
    }

    /// Counters of this name.
    pub fn counters(self: &Arc<Self>, name: &'static str, rate: Rate) -> RedisCounters {
        RedisCounters { redis: self.clone(), name, rate }
    }

    pub(super) fn is_up(&self) -> bool {
        *self.up.borrow() == Some(true)
    }

    pub(super) async fn becomes(&self, up: bool) {
        let mut state = self.up.subscribe();
        let _closed = state.wait_for(|now| *now == Some(up)).await;
    }

    pub(super) async fn watch(&self, stop: CancellationToken) {
        let mut tick = tokio::time::interval(PROBE_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let _away = self.question::<()>(redis::cmd("SET").arg("probe").arg(1).arg("PX").arg(1000)).await;
        }
    }

    /// Made at the first use, because it needs a runtime; it connects, and connects again, by itself.
    async fn connection(&self) -> RedisResult<ConnectionManager> {
        let connect = || async {
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(PATIENCE))
                .set_response_timeout(Some(PATIENCE))
                .set_number_of_retries(0);
            ConnectionManager::new_lazy_with_config(self.client.clone(), config)
        };
        self.connection.get_or_try_init(connect).await.cloned()
    }

    /// Asks, whether or not there is an answer to be expected.
    async fn question<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, Away> {
        let asked = async { command.query_async(&mut self.connection().await?).await };
        self.note(tokio::time::timeout(PATIENCE, asked).await)
    }

    /// Asks, if there was an answer the last time.
    async fn ask<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, Away> {
        if self.is_up() { self.question(command).await } else { Err(Away) }
    }

    fn note<T>(&self, outcome: Result<RedisResult<T>, tokio::time::error::Elapsed>) -> Result<T, Away> {
        let (answer, error) = match outcome {
            Ok(Ok(answer)) => (Ok(answer), None),
            Ok(Err(error)) => (Err(Away), Some(error.to_string())),
            Err(_) => (Err(Away), Some("it does not answer".to_owned())),
        };
        let now = Some(error.is_none());
        if self.up.send_if_modified(|up| std::mem::replace(up, now) != now) {
            match &error {
                None => tracing::info!("Redis answers"),
                Some(error) => {
                    tracing::warn!(
                        error,
                        "Redis is away; limits are counted in this process, and sessions looked up"
                    );
                }
            }
        }
        answer
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Away> {
        self.ask(redis::cmd("GET").arg(key)).await
    }

    pub(super) async fn put(&self, key: &str, value: &[u8], kept: Duration) -> Result<(), Away> {
        let kept = u64::try_from(kept.as_millis()).unwrap_or(u64::MAX);
        self.ask(redis::cmd("SET").arg(key).arg(value).arg("PX").arg(kept)).await
    }

    pub(super) async fn forget(&self, keys: &[String]) -> Result<(), Away> {
        self.ask(redis::cmd("DEL").arg(keys)).await
    }
}

/// Counts in Redis, for all processes that share it.
pub struct RedisCounters {
    redis: Arc<Redis>,
    name: &'static str,
    rate: Rate,
}

impl RedisCounters {
    async fn count(&self, key: &str, how: &str) -> Result<Option<Duration>, Away> {
        if !self.redis.is_up() {
            return Err(Away);
        }
        let asked = async {
            let mut connection = self.redis.connection().await?;
            let mut script = self.redis.count.key(format!("ratelimit:{}:{key}", self.name));
            script.arg(micros(self.rate.cost)).arg(micros(self.rate.burst)).arg(how);
            script.invoke_async::<u64>(&mut connection).await
        };
        let over = self.redis.note(tokio::time::timeout(PATIENCE, asked).await)?;
        Ok((over > 0).then(|| Duration::from_micros(over)))
    }
}

impl Counters for RedisCounters {
    async fn wait(&self, key: &str) -> Result<Option<Duration>, Away> {
        self.count(key, "wait").await
    }

    async fn take(&self, key: &str) -> Result<Option<Duration>, Away> {
        self.count(key, "take").await
    }
}
