//! How long one has to wait after how many failures.

use chrono::{DateTime, TimeDelta, Utc};

const FIRST_LOCK: TimeDelta = TimeDelta::seconds(30);
const LONGEST_LOCK: TimeDelta = TimeDelta::minutes(15);
/// Old failures are forgotten this long after the last lock ended, or after the last failure where none was locked.
pub(crate) const FORGOTTEN: TimeDelta = TimeDelta::hours(1);

/// What a counter forgives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Failures in a row that cost nothing.
    pub forgiven: u32,
    /// Counting starts anew this long after the first failure; none for never.
    pub window: Option<TimeDelta>,
}

/// Attempts that failed or are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub failed: u32,
    pub since: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    pub locked_until: Option<DateTime<Utc>>,
}

/// No more attempts until this much time has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Locked(pub TimeDelta);

impl Attempts {
    pub(crate) const fn none(now: DateTime<Utc>) -> Self {
        Self { failed: 0, since: now, last_at: now, locked_until: None }
    }

    /// Counts one more attempt. Beyond what is forgiven each locks out all others, for twice as long as the one before.
    pub(crate) fn reserve(self, rule: Rule, now: DateTime<Utc>) -> Result<Self, Locked> {
        if let Some(until) = self.locked_until.filter(|until| now < *until) {
            return Err(Locked(until - now));
        }
        let quiet = now - self.locked_until.unwrap_or(self.last_at) >= FORGOTTEN;
        let over = rule.window.is_some_and(|window| now - self.since >= window);
        let before = if quiet || over { Self::none(now) } else { self };
        let failed = before.failed.saturating_add(1);
        let locked_until = failed.checked_sub(rule.forgiven + 1).map(|beyond| {
            let lock = FIRST_LOCK * 2_i32.saturating_pow(beyond.min(8));
            now + lock.min(LONGEST_LOCK)
        });
        Ok(Self { failed, since: before.since, last_at: now, locked_until })
    }
}
