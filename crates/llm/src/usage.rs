//! What a call used and what it cost, in whole millionths of a dollar so that sums are exact.

use std::{fmt, iter::Sum, ops::Add};

use serde::{Deserialize, Serialize};

/// US dollars in millionths, the resolution of the columns that keep it (`numeric(12, 6)`).
///
/// Its `Display` is a decimal such as `0.012345`, which PostgreSQL casts to `numeric` as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(u64);

impl Usd {
    pub const ZERO: Self = Self(0);

    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> u64 {
        self.0
    }

    /// An amount from a setting; none when it is negative, not a number or above a billion dollars.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        (0.0..=1e9).contains(&dollars).then(|| Self((dollars * 1e6).round() as u64))
    }

    /// The amount for people and JSON; for sums use the exact value.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

/// The tokens of one call as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// All tokens of the prompt, those read from the provider's cache included.
    pub input: u64,
    pub output: u64,
    /// The part of `input` that was read from the cache.
    pub cached: u64,
}

/// What calls used and cost, as runs and the ledger keep it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub tokens_in: u64,
    pub tokens_out: u64,
    pub cost_usd: Usd,
}

impl Usage {
    pub fn tokens(self) -> u64 {
        self.tokens_in.saturating_add(self.tokens_out)
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            tokens_in: self.tokens_in.saturating_add(other.tokens_in),
            tokens_out: self.tokens_out.saturating_add(other.tokens_out),
            cost_usd: self.cost_usd + other.cost_usd,
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(usages: I) -> Self {
        usages.fold(Self::default(), Add::add)
    }
}

/// What a model costs per million tokens. All zero for a model that is not paid by use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    pub input: Usd,
    pub output: Usd,
    /// For prompt tokens read from the provider's cache, instead of `input`.
    pub cached: Usd,
}

impl Prices {
    /// Prices a call; fractions of a millionth are rounded up. A cached token is priced once, at its own price.
    pub fn usage(&self, tokens: Tokens) -> Usage {
        let cached = tokens.cached.min(tokens.input);
        let parts =
            [(tokens.input - cached, self.input), (cached, self.cached), (tokens.output, self.output)];
        let millionths: u128 =
            parts.iter().map(|(count, price)| u128::from(*count) * u128::from(price.0)).sum();
        let micros = u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX);
        Usage { tokens_in: tokens.input, tokens_out: tokens.output, cost_usd: Usd(micros) }
    }

    /// The most that this many tokens can cost: none of them, or all of them, came from the cache.
    pub fn worst(&self, tokens_in: u64, tokens_out: u64) -> Usage {
        let dearest = Self { input: self.input.max(self.cached), ..*self };
        dearest.usage(Tokens { input: tokens_in, output: tokens_out, cached: 0 })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PRICES: Prices = Prices { input: Usd(3_000_000), output: Usd(15_000_000), cached: Usd(300_000) };

    #[track_caller]
    fn check(tokens: Tokens, cost: &str) {
        assert_eq!(PRICES.usage(tokens).cost_usd.to_string(), cost);
    }

    #[test]
    fn a_cached_token_is_priced_once_and_at_its_own_price() {
        check(Tokens { input: 1_000_000, output: 0, cached: 0 }, "3.000000");
        check(Tokens { input: 1_000_000, output: 0, cached: 1_000_000 }, "0.300000");
        check(Tokens { input: 1_000_000, output: 100_000, cached: 900_000 }, "2.070000");
    }

    #[test]
    fn the_smallest_use_costs_a_millionth() {
        check(Tokens { input: 1, output: 0, cached: 1 }, "0.000001");
        check(Tokens::default(), "0.000000");
    }

    #[test]
    fn an_amount_that_is_no_price_is_none() {
        assert_eq!(Usd::from_dollars(0.15), Some(Usd(150_000)));
        assert_eq!([-0.1, f64::NAN, f64::INFINITY, 2e9].map(Usd::from_dollars), [None; 4]);
    }

    proptest! {
        #[test]
        fn no_call_costs_more_than_its_worst_case(input in 0..1_u64 << 40, output in 0..1_u64 << 40, part in 0.0..2.0) {
            let cached = (input as f64 * part) as u64;
            let cost = PRICES.usage(Tokens { input, output, cached }).cost_usd;
            prop_assert!(cost <= PRICES.worst(input, output).cost_usd);
        }
    }
}
