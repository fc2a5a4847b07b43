//! A database in which nothing is yet.

use std::sync::Arc;

use futures::future::join_all;
use kernel::Secret;
use platform::db::{Db, Options};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use testkit::TestDb;
use uuid::Uuid;

#[tokio::test]
async fn processes_that_begin_at_once_all_find_a_fresh_database_prepared() {
    let db = TestDb::new().await;
    let name = format!("fresh_{}", Uuid::new_v4().simple());
    let mut admin = PgConnection::connect(&db.url).await.unwrap();
    admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    let mut url = url::Url::parse(&db.url).unwrap();
    url.set_path(&name);
    let begin = || async {
        let (url, clock) = (Secret::new(url.to_string()), Arc::new(db.clock.clone()));
        let process = Db::connect(Options { url, max_connections: 2, clock, subscriptions: Vec::new() });
        process.await.unwrap().prepare().await
    };
    let prepared = join_all((0..8).map(|_| begin())).await;
    admin.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await.unwrap();
    assert!(prepared.iter().all(Result::is_ok), "{prepared:?}");
}
