//! What a run may spend, decided before each call.
//!
//! A call is paid in two steps. [`Budget::reserve`] sets its worst case aside, or says which limit forbids
//! it. Then [`Budget::commit`] puts what it really used in the place of the reservation, or
//! [`Budget::release`] gives the reservation back. As long as no call uses more than its worst case, what is
//! spent never exceeds a limit, however many calls are under way at once.

use serde::{Deserialize, Serialize};

use crate::Usage;

/// The most that a run may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Calls of the model.
    pub steps: u32,
    /// Tokens read and written, over all calls.
    pub tokens: u64,
    pub cost_usd: crate::Usd,
}

/// The limit that forbids a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    Steps,
    Tokens,
    Cost,
}

/// What may be spent, what was, and what is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    limits: Limits,
    steps: u32,
    spent: Usage,
    // a reservation lives as long as its call, which no restart survives
    #[serde(skip)]
    reserved: Vec<Usage>,
}

/// The worst case of a call that is under way. It counts until it is committed or released.
#[derive(Debug)]
#[must_use = "a reservation counts as spent until it is committed or released"]
pub struct Reservation(Usage);

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self { limits, steps: 0, spent: Usage::default(), reserved: Vec::new() }
    }

    /// What the committed calls used.
    pub fn spent(&self) -> Usage {
        self.spent
    }

    /// Calls committed so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// The limit that this many more calls, which use so much together, would exceed.
    pub fn exceeded_by(&self, calls: u32, usage: Usage) -> Option<Limit> {
        let under_way = u32::try_from(self.reserved.len()).unwrap_or(u32::MAX);
        let steps = self.steps.saturating_add(under_way).saturating_add(calls);
        let total = self.spent + self.reserved.iter().copied().sum() + usage;
        if steps > self.limits.steps {
            Some(Limit::Steps)
        } else if total.tokens() > self.limits.tokens {
            Some(Limit::Tokens)
        } else if total.cost_usd > self.limits.cost_usd {
            Some(Limit::Cost)
        } else {
            None
        }
    }

    /// Sets the worst case of one call aside.
    pub fn reserve(&mut self, worst: Usage) -> Result<Reservation, Limit> {
        if let Some(limit) = self.exceeded_by(1, worst) {
            return Err(limit);
        }
        self.reserved.push(worst);
        Ok(Reservation(worst))
    }

    /// Counts what the call used.
    pub fn commit(&mut self, reservation: Reservation, used: Usage) {
        self.release(reservation);
        self.steps = self.steps.saturating_add(1);
        self.spent = self.spent + used;
    }

    /// Counts the worst case of a call of which nobody knows what it used.
    pub fn forfeit(&mut self, reservation: Reservation) {
        let worst = reservation.0;
        self.commit(reservation, worst);
    }

    /// Gives back what was set aside for a call that cost nothing.
    pub fn release(&mut self, reservation: Reservation) {
        if let Some(at) = self.reserved.iter().position(|usage| *usage == reservation.0) {
            self.reserved.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Usd;

    fn usage(tokens_in: u64, tokens_out: u64, micros: u64) -> Usage {
        Usage { tokens_in, tokens_out, cost_usd: Usd::from_micros(micros) }
    }

    fn limits(steps: u32, tokens: u64, micros: u64) -> Limits {
        Limits { steps, tokens, cost_usd: Usd::from_micros(micros) }
    }

    #[track_caller]
    fn check(limits: Limits, call: Usage, expected: Result<(), Limit>) {
        assert_eq!(Budget::new(limits).reserve(call).map(|_| ()), expected);
    }

    #[test]
    fn a_call_may_use_a_limit_up_and_not_exceed_it() {
        check(limits(1, 10, 100), usage(4, 6, 100), Ok(()));
        check(limits(0, 10, 100), usage(0, 0, 0), Err(Limit::Steps));
        check(limits(1, 9, 100), usage(4, 6, 100), Err(Limit::Tokens));
        check(limits(1, 10, 99), usage(4, 6, 100), Err(Limit::Cost));
    }

    #[test]
    fn a_forfeited_call_is_charged_at_its_worst() {
        let mut budget = Budget::new(limits(5, 100, 100));
        let reservation = budget.reserve(usage(10, 5, 7)).unwrap();
        budget.forfeit(reservation);
        assert_eq!((budget.steps(), budget.spent()), (1, usage(10, 5, 7)));
    }

    #[derive(Clone, Debug)]
    enum Event {
        Reserve(Usage),
        Commit(prop::sample::Index, f64),
        Forfeit(prop::sample::Index),
        Release(prop::sample::Index),
    }

    fn event() -> impl Strategy<Value = Event> {
        let index = any::<prop::sample::Index>;
        prop_oneof![
            3 => (0..500_u64, 0..500_u64, 0..500_u64).prop_map(|(i, o, c)| Event::Reserve(usage(i, o, c))),
            2 => (index(), 0.0..=1.0).prop_map(|(at, part)| Event::Commit(at, part)),
            1 => index().prop_map(Event::Forfeit),
            1 => index().prop_map(Event::Release),
        ]
    }

    fn take(open: &mut Vec<Reservation>, at: prop::sample::Index) -> Option<Reservation> {
        (!open.is_empty()).then(|| open.swap_remove(at.index(open.len())))
    }

    fn part_of(usage: Usage, part: f64) -> Usage {
        let cut = |n: u64| (n as f64 * part) as u64;
        self::usage(cut(usage.tokens_in), cut(usage.tokens_out), cut(usage.cost_usd.micros()))
    }

    proptest! {
        #[test]
        fn calls_within_their_worst_case_never_exceed_a_limit(
            events in prop::collection::vec(event(), 0..60), steps in 0..20_u32, tokens in 0..3000_u64, cost in 0..2000_u64,
        ) {
            let mut budget = Budget::new(limits(steps, tokens, cost));
            let mut open = Vec::new();
            for event in events {
                match event {
                    Event::Reserve(worst) => open.extend(budget.reserve(worst)),
                    Event::Commit(at, part) => if let Some(reservation) = take(&mut open, at) {
                        let used = part_of(reservation.0, part);
                        budget.commit(reservation, used);
                    },
                    Event::Forfeit(at) => if let Some(reservation) = take(&mut open, at) {
                        budget.forfeit(reservation);
                    },
                    Event::Release(at) => if let Some(reservation) = take(&mut open, at) {
                        budget.release(reservation);
                    },
                }
                prop_assert!(budget.steps() <= steps);
                prop_assert!(budget.spent().tokens() <= tokens);
                prop_assert!(budget.spent().cost_usd.micros() <= cost);
            }
        }

        #[test]
        fn a_released_reservation_leaves_no_trace(
            first in (0..50_u64, 0..50_u64, 0..50_u64), second in (0..50_u64, 0..50_u64, 0..50_u64),
        ) {
            let mut budget = Budget::new(limits(3, 1000, 1000));
            let kept = budget.reserve(usage(first.0, first.1, first.2)).unwrap();
            let before = budget.clone();
            let reservation = budget.reserve(usage(second.0, second.1, second.2)).unwrap();
            budget.release(reservation);
            prop_assert_eq!(&budget, &before);
            budget.release(kept);
            prop_assert_eq!(budget, Budget::new(limits(3, 1000, 1000)));
        }
    }
}
