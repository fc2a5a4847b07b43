//! Hot state: the same promises over a process's own memory and over a real Redis, and what holds when that one dies.

use std::{sync::Arc, time::Duration};

use kernel::Secret;
use platform::hot::{Away, Counters, Hot, Limit, Memory, Rate};
use testkit::peers::RedisServer;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Ten requests at once, and none for longer than a test takes.
const TEN: Rate = Rate { cost: Duration::from_secs(600), burst: Duration::from_secs(6000) };
const LONG: Duration = Duration::from_secs(60);

/// A process that shares this Redis, which answers it.
async fn process(url: &str, ca: Option<&str>) -> Hot {
    let hot = Hot::shared(&Secret::new(url.into()), ca.map(|ca| ca.as_bytes().to_vec())).unwrap();
    tokio::spawn(hot.clone().watch(CancellationToken::new()));
    tokio::time::timeout(LONG, hot.becomes(true)).await.unwrap();
    hot
}

/// Each promise is kept by both.
macro_rules! over_both {
    ($($promise:ident)+) => {
        mod in_memory {
            use super::*;
            $(#[tokio::test] async fn $promise() { super::$promise(|rate| Memory::new(rate)).await; })+
        }
        mod in_redis {
            use super::*;
            $(#[tokio::test] async fn $promise() {
                let server = RedisServer::start().await;
                let hot = process(server.url(), None).await;
                super::$promise(|rate| hot.counters("test", rate).unwrap()).await;
            })+
        }
    };
}

over_both! {
    a_key_may_use_its_burst_at_once_and_then_waits
    what_is_only_asked_is_not_counted
    keys_do_not_count_for_each_other
    a_rate_comes_back
    many_at_once_get_no_more_than_one_after_the_other
}

async fn passed(counters: &impl Counters, key: &str, asked: usize) -> Result<usize, Away> {
    let mut passed = 0;
    for _ in 0..asked {
        passed += usize::from(counters.take(key).await?.is_none());
    }
    Ok(passed)
}

async fn a_key_may_use_its_burst_at_once_and_then_waits<C: Counters>(counters: impl Fn(Rate) -> C) {
    let counters = counters(TEN);
    assert_eq!(passed(&counters, "a", 100).await, Ok(10));
    let wait = counters.take("a").await.unwrap().unwrap();
    assert!(wait <= TEN.cost && wait > TEN.cost - LONG, "{wait:?}");
}

async fn what_is_only_asked_is_not_counted<C: Counters>(counters: impl Fn(Rate) -> C) {
    let counters = counters(TEN);
    for _ in 0..100 {
        assert_eq!(counters.wait("a").await, Ok(None));
    }
    assert_eq!(passed(&counters, "a", 100).await, Ok(10));
    assert!(counters.wait("a").await.unwrap().is_some());
}

async fn keys_do_not_count_for_each_other<C: Counters>(counters: impl Fn(Rate) -> C) {
    let counters = counters(TEN);
    assert_eq!(passed(&counters, "a", 100).await, Ok(10));
    assert_eq!(passed(&counters, "b", 100).await, Ok(10));
}

async fn a_rate_comes_back<C: Counters>(counters: impl Fn(Rate) -> C) {
    let counters = counters(Rate { cost: Duration::from_millis(50), burst: Duration::from_millis(50) });
    let comes_back = async {
        for _ in 0..5 {
            while counters.take("a").await.unwrap().is_some() {
                tokio::task::yield_now().await;
            }
        }
    };
    tokio::time::timeout(LONG, comes_back).await.unwrap();
}

async fn many_at_once_get_no_more_than_one_after_the_other<C: Counters + 'static>(
    counters: impl Fn(Rate) -> C,
) {
    let counters = Arc::new(counters(TEN));
    let mut askers = JoinSet::new();
    for _ in 0..8 {
        let counters = counters.clone();
        askers.spawn(async move { passed(&*counters, "a", 20).await.unwrap() });
    }
    assert_eq!(askers.join_all().await.into_iter().sum::<usize>(), 10);
}

/// How many of `asked` requests a limit lets through.
async fn let_through(limit: &Limit, key: &str, asked: usize) -> usize {
    let mut passed = 0;
    for _ in 0..asked {
        passed += usize::from(limit.take(key).await.is_none());
    }
    passed
}

#[tokio::test]
async fn a_limit_is_one_limit_over_all_processes() {
    let server = RedisServer::start().await;
    let one = process(server.url(), None).await.limit_to("api", TEN);
    let other = process(server.url(), None).await.limit_to("api", TEN);
    assert_eq!(let_through(&one, "a", 7).await, 7);
    assert_eq!(let_through(&other, "a", 7).await, 3);
    assert!(one.wait("a").await.is_some() && other.wait("a").await.is_some());
}

#[tokio::test]
async fn while_redis_is_away_each_process_counts_by_itself_and_goes_on_from_where_it_was() {
    let mut server = RedisServer::start().await;
    let hot = process(server.url(), None).await;
    let limit = hot.limit_to("api", TEN);
    assert_eq!(let_through(&limit, "a", 7).await, 7);
    server.kill().await;
    assert_eq!(let_through(&limit, "a", 7).await, 3);
    tokio::time::timeout(LONG, hot.becomes(false)).await.unwrap();
    assert_eq!(hot.get("session:1").await, None);
    server.restart().await;
    tokio::time::timeout(LONG, hot.becomes(true)).await.unwrap();
    // Redis has forgotten everything, memory has not.
    assert_eq!(let_through(&limit, "a", 7).await, 0);
    assert_eq!(let_through(&limit, "b", 100).await, 10);
}

#[tokio::test]
async fn a_redis_that_is_killed_under_load_costs_nobody_an_answer_and_raises_no_limit() {
    let mut server = RedisServer::start().await;
    let hot = process(server.url(), None).await;
    let limit = Arc::new(hot.limit_to("api", TEN));
    let stop = CancellationToken::new();
    let mut senders = JoinSet::new();
    for sender in 0..8 {
        let (limit, stop) = (limit.clone(), stop.clone());
        senders.spawn(async move {
            let mut passed = 0;
            while !stop.is_cancelled() {
                passed += let_through(&limit, &format!("sender {sender}"), 20).await;
                tokio::task::yield_now().await;
            }
            passed
        });
    }
    for _ in 0..3 {
        server.kill().await;
        tokio::time::timeout(LONG, hot.becomes(false)).await.unwrap();
        server.restart().await;
        tokio::time::timeout(LONG, hot.becomes(true)).await.unwrap();
    }
    stop.cancel();
    assert_eq!(senders.join_all().await, [10; 8]);
}

#[tokio::test]
async fn a_value_is_shared_until_it_is_taken_back() {
    let server = RedisServer::start().await;
    let (one, other) = (process(server.url(), None).await, process(server.url(), None).await);
    one.put("session:1", b"somebody", LONG).await;
    assert_eq!(other.get("session:1").await.as_deref(), Some(&b"somebody"[..]));
    other.forget(&["session:1".into()]).await;
    assert_eq!(one.get("session:1").await, None);
}

#[tokio::test]
async fn a_redis_may_ask_for_tls_and_a_password() {
    let server = RedisServer::guarded("sesame").await;
    let hot = process(server.url(), server.ca.as_deref()).await;
    assert_eq!(let_through(&hot.limit_to("api", TEN), "a", 100).await, 10);
    let wrong = server.url().replace("sesame", "guess");
    let refused = Hot::shared(&Secret::new(wrong), server.ca.clone().map(String::into_bytes)).unwrap();
    tokio::spawn(refused.clone().watch(CancellationToken::new()));
    tokio::time::timeout(LONG, refused.becomes(false)).await.unwrap();
    let stranger = Hot::shared(&Secret::new(server.url().into()), None).unwrap();
    tokio::spawn(stranger.clone().watch(CancellationToken::new()));
    tokio::time::timeout(LONG, stranger.becomes(false)).await.unwrap();
}

#[tokio::test]
async fn what_is_no_address_of_a_redis_is_refused_without_being_repeated() {
    let refused = Hot::shared(&Secret::new("http://:sesame@host".into()), None).err().unwrap();
    assert!(refused.to_string().contains("--redis-url") || format!("{refused:?}").contains("--redis-url"));
    assert!(!format!("{refused:?}").contains("sesame"));
}
