//! How often one sender may call, counted in a fixed amount of memory.
//!
//! The generic cell rate algorithm (ITU-T I.371) keeps one moment for each key: until when the key has used its rate up. Keys are
//! whatever strangers send, so they are not kept: each is hashed, with secrets of this process, to a cell in each of two rows
//! (a count-min sketch with conservative update). A key is over its rate only if both cells say so. Two keys that meet in both
//! share a rate, which is rare and costs nobody a correct answer for long; the memory is the same for one sender and for a
//! million.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use kernel::{Code, Error};

/// Cells of a row: both rows take 1 MiB.
const CELLS: usize = 1 << 16;
/// What one may use at once, in seconds of the rate.
const BURST: u32 = 10;

/// Requests per second and key, with a burst of ten seconds' worth. Counted in this process.
pub struct RateLimit {
    /// Microseconds since `start` until which a key has used its rate up.
    rows: [Vec<AtomicU64>; 2],
    hashers: [RandomState; 2],
    start: Instant,
    /// Microseconds that a request uses up.
    cost: u64,
}

impl RateLimit {
    /// None means no limit.
    pub fn per_second(rate: u32) -> Option<Self> {
        let cost = 1_000_000_u64.checked_div(u64::from(rate))?.max(1);
        let row = || std::iter::repeat_with(AtomicU64::default).take(CELLS).collect();
        Some(Self {
            rows: [row(), row()],
            hashers: [RandomState::new(), RandomState::new()],
            start: Instant::now(),
            cost,
        })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn cells(&self, key: &str) -> [&AtomicU64; 2] {
        let cell = |row: usize| {
            let hash = self.hashers[row].hash_one(key);
            &self.rows[row][usize::try_from(hash).unwrap_or_default() % CELLS]
        };
        [cell(0), cell(1)]
    }

    /// How long a key has to wait before it may send again.
    pub fn wait(&self, key: &str) -> Option<Duration> {
        self.wait_at(key, self.now())
    }

    /// Counts a request.
    pub fn take(&self, key: &str) {
        self.take_at(key, self.now());
    }

    fn wait_at(&self, key: &str, now: u64) -> Option<Duration> {
        let used_until = self.cells(key).iter().map(|cell| cell.load(Relaxed)).min().unwrap_or_default();
        let full = now + u64::from(BURST) * 1_000_000 - self.cost;
        used_until.checked_sub(full).filter(|over| *over > 0).map(Duration::from_micros)
    }

    fn take_at(&self, key: &str, now: u64) {
        let cells = self.cells(key);
        let used_until = cells.iter().map(|cell| cell.load(Relaxed)).min().unwrap_or_default();
        let then = used_until.max(now) + self.cost;
        for cell in cells {
            cell.fetch_max(then, Relaxed);
        }
    }
}

/// Too much at once. `whose` says which limit it was, in the words of the operator's settings.
pub(super) fn limited(wait: Duration, whose: &str) -> Error {
    let retry_after = wait.as_secs() + 1;
    let detail = format!("too many requests: {whose}; try again in {retry_after} s");
    Error::Limited { code: Code("rate_limited"), detail, retry_after }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RateLimit;

    /// How many of `asked` requests at one moment are let through.
    fn let_through(limit: &RateLimit, key: &str, asked: usize, now: u64) -> usize {
        let mut passed = 0;
        for _ in 0..asked {
            if limit.wait_at(key, now).is_none() {
                limit.take_at(key, now);
                passed += 1;
            }
        }
        passed
    }

    #[test]
    fn a_key_has_a_burst_of_ten_seconds_and_then_its_rate() {
        let limit = RateLimit::per_second(5).unwrap();
        assert_eq!(let_through(&limit, "a", 100, 0), 50);
        assert_eq!(limit.wait_at("a", 0), Some(Duration::from_millis(200)));
        assert_eq!(let_through(&limit, "a", 100, 1_000_000), 5);
        assert_eq!(let_through(&limit, "a", 100, 61_000_000), 50, "what was not used is not saved up");
        assert_eq!(let_through(&limit, "b", 1, 0), 1);
        assert!(RateLimit::per_second(0).is_none());
        assert_eq!(let_through(&RateLimit::per_second(u32::MAX).unwrap(), "a", 1000, 0), 1000);
    }

    #[test]
    fn a_million_strangers_cost_no_memory_and_nobody_else_much() {
        let limit = RateLimit::per_second(1).unwrap();
        for stranger in 0..20_000 {
            let_through(&limit, &format!("stranger {stranger}"), 20, 0);
        }
        let passed = (0..1000).filter(|n| let_through(&limit, &format!("guest {n}"), 1, 0) == 1).count();
        assert!(passed > 850, "{passed} of 1000");
    }
}
