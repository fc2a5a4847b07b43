//! What a process knows of due work: which organizations have some, in each of its queues.
//!
//! A claim asks the organizations in rotation, as many as it has room for, and each for the same share. Those without due work are not on
//! the board, so they neither take a turn nor a share. Hints put an organization on it; so does the look at the queue that stands behind them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use kernel::OrgId;
use tokio::sync::Notify;

use super::queue::{Claimed, claim::Asked, due::Found};

#[derive(Default)]
struct Rotation {
    /// The organizations with due work, and the least rank of it.
    ready: BTreeMap<OrgId, DateTime<Utc>>,
    /// Those that ever ran only so many jobs at once.
    capped: BTreeSet<OrgId>,
    /// The organization that was served last.
    after: Option<OrgId>,
}

impl Rotation {
    fn add(&mut self, org: OrgId, rank: DateTime<Utc>) {
        let floor = self.ready.entry(org).or_insert(rank);
        *floor = rank.min(*floor);
    }
}

/// One queue on the board.
#[derive(Default)]
struct Place {
    rotation: Mutex<Rotation>,
    changed: Notify,
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Rotation> {
        self.rotation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) struct Board(HashMap<&'static str, Place>);

impl Board {
    pub fn new(queues: impl IntoIterator<Item = &'static str>) -> Self {
        Self(queues.into_iter().map(|queue| (queue, Place::default())).collect())
    }

    /// An organization has a due job in a queue.
    pub fn found(&self, queue: &str, org: OrgId, rank: DateTime<Utc>) {
        let Some(place) = self.0.get(queue) else { return };
        place.lock().add(org, rank);
        place.changed.notify_one();
    }

    /// What a look at the whole queue found is what there is.
    pub fn replace(&self, found: Vec<Found>) {
        for place in self.0.values() {
            place.lock().ready.clear();
        }
        for Found { queue, org_id, rank, capped } in found {
            if capped {
                self.cap(&queue, org_id);
            }
            self.found(&queue, org_id, rank);
        }
    }

    /// An organization runs only so many jobs of a queue at once: whoever claims them takes turns.
    pub fn cap(&self, queue: &str, org: OrgId) {
        if let Some(place) = self.0.get(queue) {
            place.lock().capped.insert(org);
        }
    }

    /// Whom to ask for up to so many jobs. They leave the board; what is left of their work brings them [back](Self::served).
    pub fn next(&self, queue: &str, room: usize) -> Vec<Asked> {
        let Some(place) = self.0.get(queue).filter(|_| room > 0) else { return Vec::new() };
        let mut rotation = place.lock();
        let after = rotation.after.map_or(Bound::Unbounded, Bound::Excluded);
        let later = rotation.ready.range((after, Bound::Unbounded));
        let earlier = rotation.after.map(|after| rotation.ready.range(..=after));
        let turn: Vec<OrgId> =
            later.chain(earlier.into_iter().flatten()).take(room).map(|(org, _)| *org).collect();
        let share = room.checked_div(turn.len()).unwrap_or_default();
        let more = room - share * turn.len();
        let mut asked = Vec::with_capacity(turn.len());
        for (place_in_turn, org) in turn.into_iter().enumerate() {
            if let Some(floor) = rotation.ready.remove(&org) {
                let (take, capped) =
                    (share + usize::from(place_in_turn < more), rotation.capped.contains(&org));
                asked.push(Asked { org, floor, take, capped });
                rotation.after = Some(org);
            }
        }
        asked
    }

    /// Puts those back who gave all that they were asked for: they may have more, none of it ranked lower.
    pub fn served(&self, queue: &str, asked: &[Asked], claimed: &[Claimed]) {
        for asked in asked {
            let of_org = || claimed.iter().filter(|job| job.org_id == asked.org);
            if of_org().count() >= asked.take {
                let highest = of_org().filter(|job| job.lane.is_none()).map(|job| job.rank).max();
                self.put_back(queue, Asked { floor: highest.unwrap_or(asked.floor), ..*asked });
            }
        }
    }

    /// Puts one back that could not be asked.
    pub fn put_back(&self, queue: &str, asked: Asked) {
        if let Some(place) = self.0.get(queue) {
            place.lock().add(asked.org, asked.floor);
        }
    }

    /// Waits until something is found. What was found since the last wait counts.
    pub async fn changed(&self, queue: &str) {
        match self.0.get(queue) {
            Some(place) => place.changed.notified().await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kernel::OrgId;
    use uuid::Uuid;

    use super::Board;

    fn org(number: u128) -> OrgId {
        OrgId(Uuid::from_u128(number))
    }

    fn board(orgs: impl IntoIterator<Item = u128>) -> Board {
        let board = Board::new(["default"]);
        for number in orgs {
            board.found("default", org(number), DateTime::UNIX_EPOCH);
        }
        board
    }

    fn shares(board: &Board, room: usize) -> Vec<(u128, usize)> {
        let asked = board.next("default", room);
        asked.iter().map(|asked| (asked.org.uuid().as_u128(), asked.take)).collect()
    }

    #[test]
    fn a_claim_is_shared_by_those_who_have_work_and_by_nobody_else() {
        assert_eq!(shares(&board(1..=3), 24), [(1, 8), (2, 8), (3, 8)]);
        assert_eq!(shares(&board(1..=3), 8), [(1, 3), (2, 3), (3, 2)]);
        assert_eq!(shares(&board([7]), 24), [(7, 24)]);
    }

    #[test]
    fn more_organizations_than_room_take_turns() {
        let board = board(1..=5);
        let mut turns = Vec::new();
        for _ in 0..5 {
            let asked = board.next("default", 2);
            turns.extend(asked.iter().map(|asked| asked.org.uuid().as_u128()));
            asked.into_iter().for_each(|asked| board.put_back("default", asked));
        }
        assert_eq!(turns, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_found_while_an_organization_is_asked_is_not_forgotten() {
        let board = board([1]);
        let asked = board.next("default", 4);
        board.found("default", org(1), DateTime::UNIX_EPOCH);
        board.served("default", &asked, &[]);
        assert_eq!(shares(&board, 4), [(1, 4)]);
    }

    #[test]
    fn an_organization_that_gave_less_than_it_was_asked_for_has_no_more() {
        let board = board([1]);
        let asked = board.next("default", 4);
        board.served("default", &asked, &[]);
        assert_eq!(shares(&board, 4), []);
    }
}
