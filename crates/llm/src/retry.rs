//! When to call again: exponential backoff with full jitter, and what the provider asks for.

use std::time::Duration;

use crate::LlmError;

/// How a call that was not answered is repeated.
///
/// Only [`LlmError::Unavailable`] is repeated: of an interrupted call nobody knows whether it was billed.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// Calls in all, the first included.
    pub attempts: u32,
    /// The longest pause after the first failure; it doubles with each further one.
    pub base: Duration,
    /// No pause is longer. A provider that asks for more is left to the caller.
    pub cap: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 4, base: Duration::from_millis(500), cap: Duration::from_secs(20) }
    }
}

impl Retry {
    /// The pause after `failed` failures (from 1), or none to give up. `random` is uniform in [0, 1).
    pub(crate) fn pause(&self, failed: u32, error: &LlmError, random: f64) -> Option<Duration> {
        let LlmError::Unavailable { retry_after, .. } = error else { return None };
        let asked = retry_after.unwrap_or_default();
        if failed >= self.attempts || asked > self.cap {
            return None;
        }
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(failed.saturating_sub(1)));
        Some((asked + doubled.min(self.cap).mul_f64(random)).min(self.cap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unavailable(retry_after: Option<u64>) -> LlmError {
        LlmError::Unavailable { detail: String::new(), retry_after: retry_after.map(Duration::from_millis) }
    }

    #[track_caller]
    fn check(failed: u32, error: &LlmError, random: f64, expected_ms: Option<u64>) {
        let retry = Retry { attempts: 5, base: Duration::from_millis(500), cap: Duration::from_millis(1800) };
        assert_eq!(retry.pause(failed, error, random), expected_ms.map(Duration::from_millis));
    }

    #[test]
    fn the_longest_pause_doubles_up_to_the_cap() {
        check(1, &unavailable(None), 1.0, Some(500));
        check(2, &unavailable(None), 1.0, Some(1000));
        check(3, &unavailable(None), 1.0, Some(1800));
        check(2, &unavailable(None), 0.25, Some(250));
    }

    #[test]
    fn the_provider_is_left_alone_for_as_long_as_it_asks() {
        check(1, &unavailable(Some(1000)), 0.0, Some(1000));
        check(1, &unavailable(Some(1000)), 1.0, Some(1500));
    }

    #[test]
    fn it_gives_up_when_asked_to_wait_too_long_and_after_the_last_attempt() {
        check(1, &unavailable(Some(1801)), 0.0, None);
        check(5, &unavailable(None), 0.0, None);
    }

    #[test]
    fn only_a_call_that_was_not_billed_is_repeated() {
        check(1, &LlmError::Interrupted { detail: String::new() }, 0.0, None);
        check(1, &LlmError::Refused { detail: String::new() }, 0.0, None);
    }
}
