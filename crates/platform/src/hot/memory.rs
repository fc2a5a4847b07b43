//! How often one sender may call, counted in a fixed amount of memory.
//!
//! Keys are whatever strangers send, so they are not kept: each is hashed, with secrets of this process, to a cell in each of two rows
//! (a count-min sketch with conservative update). A key is over its rate only if both cells say so. Two keys that meet in both
//! share a rate, which is rare and costs nobody a correct answer for long; the memory is the same for one sender and for a
//! million.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use super::{Away, Counters, Rate};

/// Cells of a row: both rows take 1 MiB.
const CELLS: usize = 1 << 16;

/// Counts in this process.
pub struct Memory {
    /// Microseconds since `start` until which a key has used its rate up.
    rows: [Vec<AtomicU64>; 2],
    hashers: [RandomState; 2],
    start: Instant,
    /// Microseconds that a request uses up.
    cost: u64,
    /// Microseconds that may be used up at once.
    burst: u64,
}

/// A rate's times are far from the end of the range.
pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Memory {
    pub fn new(rate: Rate) -> Self {
        let row = || std::iter::repeat_with(AtomicU64::default).take(CELLS).collect();
        Self {
            rows: [row(), row()],
            hashers: [RandomState::new(), RandomState::new()],
            start: Instant::now(),
            cost: micros(rate.cost),
            burst: micros(rate.burst),
        }
    }

    fn now(&self) -> u64 {
        micros(self.start.elapsed())
    }

    fn cells(&self, key: &str) -> [&AtomicU64; 2] {
        let cell = |row: usize| {
            let hash = self.hashers[row].hash_one(key);
            &self.rows[row][usize::try_from(hash).unwrap_or_default() % CELLS]
        };
        [cell(0), cell(1)]
    }

    pub(super) fn wait_now(&self, key: &str) -> Option<Duration> {
        self.wait_at(key, self.now())
    }

    pub(super) fn take_now(&self, key: &str) -> Option<Duration> {
        let now = self.now();
        let wait = self.wait_at(key, now);
        if wait.is_none() {
            self.take_at(key, now);
        }
        wait
    }

    fn wait_at(&self, key: &str, now: u64) -> Option<Duration> {
        let used_until = self.cells(key).iter().map(|cell| cell.load(Relaxed)).min().unwrap_or_default();
        let full = now + self.burst - self.cost;
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

impl Counters for Memory {
    async fn wait(&self, key: &str) -> Result<Option<Duration>, Away> {
        Ok(self.wait_now(key))
    }

    async fn take(&self, key: &str) -> Result<Option<Duration>, Away> {
        Ok(self.take_now(key))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Memory, Rate};

    fn per_second(rate: u32) -> Memory {
        Memory::new(Rate::per_second(rate).unwrap())
    }

    /// How many of `asked` requests at one moment are let through.
    fn let_through(limit: &Memory, key: &str, asked: usize, now: u64) -> usize {
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
        let limit = per_second(5);
        assert_eq!(let_through(&limit, "a", 100, 0), 50);
        assert_eq!(limit.wait_at("a", 0), Some(Duration::from_millis(200)));
        assert_eq!(let_through(&limit, "a", 100, 1_000_000), 5);
        assert_eq!(let_through(&limit, "a", 100, 61_000_000), 50, "what was not used is not saved up");
        assert_eq!(let_through(&limit, "b", 1, 0), 1);
        assert!(Rate::per_second(0).is_none());
        assert_eq!(let_through(&per_second(u32::MAX), "a", 1000, 0), 1000);
    }

    #[test]
    fn a_million_strangers_cost_no_memory_and_nobody_else_much() {
        let limit = per_second(1);
        for stranger in 0..20_000 {
            let_through(&limit, &format!("stranger {stranger}"), 20, 0);
        }
        let passed = (0..1000).filter(|n| let_through(&limit, &format!("guest {n}"), 1, 0) == 1).count();
        assert!(passed > 850, "{passed} of 1000");
    }
}
