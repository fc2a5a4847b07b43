use chrono::TimeDelta;
use testkit::start_of_time;

use super::{
    Counter,
    attempts::{Attempts, Locked, Rule},
    key, network, reserve, succeeded,
};
use crate::testing::World;

const FOUR: Rule = Rule { forgiven: 4, window: None };
const QUARTER: Rule = Rule { forgiven: 19, window: Some(TimeDelta::minutes(15)) };

#[test]
fn each_failure_beyond_the_fifth_locks_for_twice_as_long() {
    let mut now = start_of_time();
    let mut attempts = Attempts::none(now);
    let mut locks = Vec::new();
    for _ in 0..12 {
        attempts = attempts.reserve(FOUR, now).unwrap();
        let lock = attempts.locked_until.map(|until| until - now).unwrap_or_default();
        locks.push(lock.num_seconds());
        now += lock;
    }
    assert_eq!(locks, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn a_lock_is_refused_with_the_time_left_and_forgotten_after_an_hour() {
    let now = start_of_time();
    let until = now + TimeDelta::seconds(30);
    let locked = Attempts { failed: 9, since: now, last_at: now, locked_until: Some(until) };
    assert_eq!(locked.reserve(FOUR, now), Err(Locked(TimeDelta::seconds(30))));
    assert_eq!(locked.reserve(FOUR, now + TimeDelta::minutes(5)).unwrap().failed, 10);
    let later = now + TimeDelta::minutes(61);
    assert_eq!(locked.reserve(FOUR, later).unwrap().failed, 1);
    let quiet = Attempts { locked_until: None, ..locked };
    assert_eq!(quiet.reserve(FOUR, now + TimeDelta::minutes(59)).unwrap().failed, 10);
    assert_eq!(quiet.reserve(FOUR, now + TimeDelta::minutes(60)).unwrap().failed, 1);
}

#[test]
fn a_window_starts_counting_anew() {
    let now = start_of_time();
    let mut attempts = Attempts::none(now);
    for _ in 0..19 {
        attempts = attempts.reserve(QUARTER, now).unwrap();
    }
    assert!(attempts.reserve(QUARTER, now).unwrap().locked_until.is_some());
    let later = attempts.reserve(QUARTER, now + TimeDelta::minutes(15)).unwrap();
    assert_eq!((later.failed, later.locked_until), (1, None));
}

#[test]
fn this_machine_is_no_network() {
    assert_eq!(network(Some("2001:db8:1:2::1")), "20010db800010002/64");
    for unknown in [Some("127.0.0.1"), Some("::1"), Some("nonsense"), None] {
        assert_eq!(network(unknown), "", "{unknown:?}");
    }
}

#[tokio::test]
async fn nothing_is_counted_where_one_counter_is_locked_and_success_gives_back() {
    let world = World::new().await;
    let app = &world.deps.app;
    let counter = |name: &str, rule| Counter { key: key(app, &[name.as_bytes()]).unwrap(), rule };
    let (own, shared) = (counter("own", FOUR), counter("shared", QUARTER));
    for _ in 0..5 {
        reserve(app, &[own.clone(), shared.clone()]).await.unwrap().unwrap();
    }
    for _ in 0..100 {
        let locked = reserve(app, &[own.clone(), shared.clone()]).await.unwrap();
        assert_eq!(locked, Err(Locked(TimeDelta::seconds(30))));
    }
    for _ in 0..15 {
        reserve(app, std::slice::from_ref(&shared)).await.unwrap().unwrap();
    }
    assert!(reserve(app, std::slice::from_ref(&shared)).await.unwrap().is_err(), "twenty were counted");
    succeeded(app, std::slice::from_ref(&own), std::slice::from_ref(&shared)).await.unwrap();
    reserve(app, &[own, shared]).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_counter_ends_by_itself_and_no_other_with_it() {
    let world = World::new().await;
    let app = &world.deps.app;
    let counter = |name: &str| Counter { key: key(app, &[name.as_bytes()]).unwrap(), rule: FOUR };
    reserve(app, &[counter("old")]).await.unwrap().unwrap();
    world.db.clock.advance(TimeDelta::minutes(70));
    for _ in 0..5 {
        reserve(app, &[counter("new")]).await.unwrap().unwrap();
    }
    world.db.clock.advance(TimeDelta::minutes(6));
    super::clean_up(world.db.db.clone()).await.unwrap();
    let mut tx = world.db.db.system("a test counts counters").await.unwrap();
    let left: Vec<Vec<u8>> =
        sqlx::query_scalar("select key from throttles").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(left, [counter("new").key]);
}
