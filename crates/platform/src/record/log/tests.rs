//! Writers and readers of the log as a model, one step of one of them at a time in any order: what a reader reads up to the
//! settled place is all that will ever be there, once and in order.

use std::collections::BTreeSet;

use proptest::prelude::*;

const WRITERS: usize = 4;

/// Where a writer's transaction stands.
#[derive(Clone, Debug, Default)]
enum Writer {
    #[default]
    Idle,
    /// Read the floor, and does not hold the lock yet.
    Floor(u64),
    /// Holds the lock; has taken these numbers.
    Holding(u64, Vec<u64>),
    /// Its end is visible; it still holds the lock.
    Ended(u64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// The next step of a writer's transaction, which writes on, or ends.
    Writes(usize),
    Commits(usize),
    RollsBack(usize),
    /// The next step of a reader.
    Reads(usize),
}

/// What a reader has found out so far.
#[derive(Clone, Debug, Default)]
enum Reader {
    #[default]
    Idle,
    Last(u64),
    Settled(u64),
}

#[derive(Default)]
struct Log {
    /// The sequence.
    last: u64,
    writers: [Writer; WRITERS],
    committed: BTreeSet<u64>,
    readers: [(Reader, u64, Vec<u64>); 2],
}

impl Log {
    fn step(&mut self, step: Step) {
        match step {
            Step::Writes(of) => self.write(of),
            Step::Commits(of) => self.end(of, true),
            Step::RollsBack(of) => self.end(of, false),
            Step::Reads(of) => self.read(of),
        }
    }

    fn write(&mut self, of: usize) {
        let writer = &mut self.writers[of];
        *writer = match std::mem::take(writer) {
            Writer::Idle => Writer::Floor(self.last),
            Writer::Floor(floor) => Writer::Holding(floor, Vec::new()),
            Writer::Holding(floor, mut numbers) => {
                self.last += 1;
                numbers.push(self.last);
                Writer::Holding(floor, numbers)
            }
            Writer::Ended(_) => Writer::Idle,
        };
    }

    /// Makes what was written visible, and gives up the lock at a later step.
    fn end(&mut self, of: usize, commits: bool) {
        if let Writer::Holding(floor, numbers) = &mut self.writers[of] {
            if commits {
                self.committed.extend(numbers.drain(..));
            }
            self.writers[of] = Writer::Ended(*floor);
        }
    }

    fn floors(&self) -> impl Iterator<Item = u64> {
        self.writers.iter().filter_map(|writer| match writer {
            Writer::Holding(floor, _) | Writer::Ended(floor) => Some(*floor),
            Writer::Idle | Writer::Floor(_) => None,
        })
    }

    fn read(&mut self, of: usize) {
        let least = self.floors().min().unwrap_or(u64::MAX);
        let (reader, place, told) = &mut self.readers[of];
        *reader = match *reader {
            Reader::Idle => Reader::Last(self.last),
            Reader::Last(last) => Reader::Settled(last.min(least)),
            Reader::Settled(settled) => {
                if settled > *place {
                    told.extend(self.committed.range(*place + 1..=settled));
                    *place = settled;
                }
                Reader::Idle
            }
        };
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..WRITERS).prop_map(Step::Writes),
        2 => (0..WRITERS).prop_map(Step::Commits),
        1 => (0..WRITERS).prop_map(Step::RollsBack),
        4 => (0..2_usize).prop_map(Step::Reads),
    ];
    prop::collection::vec(step, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_event_is_left_out_or_told_twice_whatever_the_order_of_steps(steps in steps()) {
        let mut log = Log::default();
        for step in steps {
            log.step(step);
            for (_, place, told) in &log.readers {
                let there: Vec<u64> = log.committed.range(..=*place).copied().collect();
                prop_assert_eq!(told, &there, "up to {}", place);
            }
        }
        // When all have ended, readers come to the end.
        for writer in 0..WRITERS {
            for step in [Step::Commits(writer), Step::Writes(writer)] {
                if !matches!(log.writers[writer], Writer::Idle | Writer::Floor(_)) {
                    log.step(step);
                }
            }
        }
        for reader in [0, 1] {
            for _ in 0..5 {
                log.step(Step::Reads(reader));
            }
            prop_assert_eq!(log.readers[reader].1, log.last);
        }
    }
}
