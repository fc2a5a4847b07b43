//! Organizations beside each other.

use std::{path::Path, sync::Arc};

use futures::FutureExt;

use super::*;
use crate::tools::sandbox::{Options, pool::Pool};

fn pool(slots: usize) -> Arc<Pool> {
    Arc::new(Pool::new(Options { slots, ..sandbox_options() }))
}

#[tokio::test]
async fn programs_of_one_organization_that_spin_do_not_keep_another_waiting() {
    let (sandbox, spinning) = (sandbox(), some_org());
    let start = || {
        let (sandbox, mut endless) = (sandbox.clone(), program("for (;;) {}"));
        endless.limits.time = Duration::from_secs(60);
        tokio::spawn(async move { sandbox.run(spinning, endless, json!({})).await })
    };
    let spinners: Vec<_> = (0..30).map(|_| start()).collect();
    for answer in 0..5 {
        let result = sandbox.run(some_org(), program("return input"), json!(answer)).await.result;
        assert_eq!(result, Ok(json!(answer)));
    }
    assert!(spinners.iter().all(|spinner| !spinner.is_finished()), "they spin while others are answered");
    spinners.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn an_organization_has_half_of_the_slots_and_at_least_one() {
    for (slots, share) in [(1, 1), (2, 1), (3, 1), (4, 2), (9, 4)] {
        let (pool, org) = (pool(slots), some_org());
        let mut leases = Vec::new();
        for _ in 0..share {
            leases.push(pool.lease(org).await.unwrap());
        }
        assert!(pool.lease(org).now_or_never().is_none(), "more than {share} of {slots}");
        if slots > 1 {
            leases.push(pool.lease(some_org()).await.unwrap());
        }
        leases.remove(0).give_back();
        pool.lease(org).await.unwrap();
    }
}

#[tokio::test]
async fn a_process_serves_one_organization_only_and_a_hundred_calls() {
    let (pool, org) = (pool(2), some_org());
    let use_once = async |org| {
        let mut lease = pool.lease(org).await.unwrap();
        let id = lease.process().id().unwrap();
        lease.give_back();
        id
    };
    let first = use_once(org).await;
    let (other, others) = (some_org(), use_once(some_org()).await);
    assert_ne!(others, first);
    assert_ne!(use_once(other).await, first);
    for call in 2..=100 {
        assert_eq!(use_once(org).await, first, "call {call}");
    }
    assert_ne!(use_once(org).await, first, "it was replaced");
    is_gone(first).await;
}

#[tokio::test]
async fn there_are_at_most_twice_as_many_processes_as_slots() {
    let pool = pool(2);
    for _ in 0..12 {
        pool.lease(some_org()).await.unwrap().give_back();
        assert!(pool.alive() <= 4, "{}", pool.alive());
    }
}

#[tokio::test]
async fn a_process_that_is_idle_for_long_ends() {
    let pool = Arc::new(Pool::new(Options { idle: Duration::from_millis(40), ..sandbox_options() }));
    let mut lease = pool.lease(some_org()).await.unwrap();
    let id = lease.process().id().unwrap();
    lease.give_back();
    is_gone(id).await;
}

#[tokio::test]
async fn a_process_that_died_while_it_was_idle_is_nobodys_loss() {
    let (pool, org) = (pool(2), some_org());
    let mut lease = pool.lease(org).await.unwrap();
    let id = lease.process().id().unwrap();
    lease.give_back();
    kill_9(id);
    waits_until("it is dead", || has_ended(id)).await;
    let mut lease = pool.lease(org).await.unwrap();
    assert!(lease.process().is_alive());
}

#[tokio::test]
async fn processes_that_end_leave_no_descriptor_behind() {
    let (pool, org) = (pool(2), some_org());
    let open = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    drop(pool.lease(org).await.unwrap());
    let before = open();
    for _ in 0..30 {
        drop(pool.lease(org).await.unwrap());
    }
    // other tests may run beside this one
    assert!(open() < before + 20, "{} after {before}", open());
}

#[test]
fn this_very_program_is_started_even_when_another_took_its_place() {
    let executable = super::super::Executable::default();
    assert_eq!(
        (executable.path.as_path(), executable.arguments),
        (Path::new("/proc/self/exe"), vec!["sandbox".into()])
    );
}
