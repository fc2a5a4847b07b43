//! Partitions are made ahead, and dropped without anybody having to wait for it.

use chrono::TimeDelta;
use platform::db::{Partitioned, Work, maintain_partitions};
use testkit::{TestDb, TestOrg};
use uuid::Uuid;

use crate::things::First;

async fn maintain(db: &TestDb, kept: Option<TimeDelta>) {
    let tables = [Partitioned { table: "event_log", kept }, Partitioned { table: "alerts", kept: None }];
    maintain_partitions(&db.db.working(Work::Maintenance), &tables).await.unwrap();
}

async fn emit(org: &TestOrg) -> kernel::Result<()> {
    let mut tx = org.tx().await;
    sqlx::query("set local lock_timeout = '200ms'").execute(tx.conn()).await?;
    tx.emit::<First>((Uuid::new_v4(), None), &First {}).await?;
    tx.commit().await
}

/// How many rows a partition has; none when it is gone.
async fn rows(db: &TestDb, partition: &str) -> Option<i64> {
    let mut tx = db.db.system("a test looks into a partition").await.unwrap();
    let there = sqlx::query_scalar::<_, bool>("select to_regclass($1) is not null").bind(partition);
    if !there.fetch_one(tx.conn()).await.unwrap() {
        return None;
    }
    let query = format!("select count(*) from {partition}");
    Some(sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_one(tx.conn()).await.unwrap())
}

async fn ask<T>(db: &TestDb, query: &'static str) -> Option<T>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    let mut tx = db.db.system("a test looks at the server").await.unwrap();
    sqlx::query_scalar(query).fetch_optional(tx.conn()).await.unwrap()
}

/// Who waits for a lock to get rid of a partition.
async fn whoever_drops(db: &TestDb) -> i32 {
    let query =
        "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query ~ '^(alter|drop) table'";
    loop {
        if let Some(pid) = ask(db, query).await {
            return pid;
        }
    }
}

/// An organization with an event of a month that is over, and the partitions of the present.
async fn with_an_old_month(db: &TestDb) -> TestOrg {
    let org = db.org("acme").await;
    maintain(db, None).await;
    emit(&org).await.unwrap();
    db.clock.advance(TimeDelta::days(70));
    maintain(db, None).await;
    org
}

#[tokio::test]
async fn partitions_are_made_ahead_once_and_take_new_rows() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    maintain(&db, None).await;
    maintain(&db, None).await;
    emit(&org).await.unwrap();
    assert_eq!(rows(&db, "event_log_y2026m11").await, Some(1));
    assert_eq!(rows(&db, "event_log_y2027m01").await, Some(0));
}

#[tokio::test]
async fn months_that_are_over_are_dropped_and_what_is_for_ever_stays() {
    let db = TestDb::new().await;
    let org = with_an_old_month(&db).await;
    maintain(&db, Some(TimeDelta::days(80))).await;
    assert_eq!(org.count("event_log").await, 1, "its month is not over long enough");
    maintain(&db, Some(TimeDelta::days(30))).await;
    assert_eq!(org.count("event_log").await, 0);
    assert_eq!(rows(&db, "event_log_y2026m11").await, None);
    assert_eq!(rows(&db, "alerts_y2026m11").await, Some(0));
    emit(&org).await.unwrap();
}

#[tokio::test]
async fn a_row_that_came_before_its_partition_moves_into_it() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    emit(&org).await.unwrap();
    db.clock.advance(TimeDelta::days(70));
    emit(&org).await.unwrap();
    maintain(&db, None).await;
    emit(&org).await.unwrap();
    assert_eq!(rows(&db, "event_log_y2026m11").await, Some(1), "of a month long before");
    assert_eq!(rows(&db, "event_log_y2027m01").await, Some(2));
    assert_eq!(rows(&db, "event_log_default").await, None, "nothing can come late any more");
    maintain(&db, Some(TimeDelta::days(30))).await;
    assert_eq!(org.count("event_log").await, 2);
}

#[tokio::test]
async fn whoever_writes_does_not_wait_while_a_partition_is_to_be_dropped_and_somebody_reads() {
    let db = TestDb::new().await;
    let org = with_an_old_month(&db).await;
    let mut reader = org.tx().await;
    sqlx::query("select count(*) from event_log").execute(reader.conn()).await.unwrap();
    let dropping = async { maintain(&db, Some(TimeDelta::days(30))).await };
    let writing = async {
        whoever_drops(&db).await;
        emit(&org).await.unwrap();
        drop(reader);
    };
    tokio::join!(dropping, writing);
    maintain(&db, Some(TimeDelta::days(30))).await;
    assert_eq!(rows(&db, "event_log_y2026m11").await, None);
    assert_eq!(org.count("event_log").await, 1);
}

#[tokio::test]
async fn a_partition_whose_detaching_was_broken_off_goes_with_the_next_round() {
    let db = TestDb::new().await;
    let org = with_an_old_month(&db).await;
    let mut reader = org.tx().await;
    sqlx::query("select count(*) from event_log").execute(reader.conn()).await.unwrap();
    let dropping = async { maintain(&db, Some(TimeDelta::days(30))).await };
    let breaking_off = async {
        let pid = whoever_drops(&db).await;
        let mut tx = db.db.system("a test ends a session").await.unwrap();
        sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(tx.conn()).await.unwrap();
    };
    tokio::join!(dropping, breaking_off);
    let pending = "select child.relname::text from pg_inherits join pg_class child on child.oid = inhrelid
        where inhdetachpending";
    assert_eq!(ask::<String>(&db, pending).await.as_deref(), Some("event_log_y2026m11"));
    drop(reader);
    maintain(&db, Some(TimeDelta::days(30))).await;
    assert_eq!(rows(&db, "event_log_y2026m11").await, None);
    assert_eq!(org.count("event_log").await, 0);
}

#[tokio::test]
async fn two_processes_may_be_at_it_at_once() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    emit(&org).await.unwrap();
    tokio::join!(maintain(&db, None), maintain(&db, None));
    db.clock.advance(TimeDelta::days(70));
    let kept = Some(TimeDelta::days(30));
    tokio::join!(maintain(&db, kept), maintain(&db, kept), maintain(&db, kept));
    maintain(&db, kept).await;
    assert_eq!(rows(&db, "event_log_y2026m11").await, None);
    assert_eq!(rows(&db, "event_log_y2027m01").await, Some(0));
    assert_eq!(rows(&db, "event_log_default").await, None);
}
