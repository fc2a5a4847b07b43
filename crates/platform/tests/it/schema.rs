//! Migrations: some in no transaction, some made by a newer version.

use std::borrow::Cow;

use kernel::Result;
use platform::db::schema::{self, SchemaStep};
use sqlx::{
    Connection, PgConnection,
    migrate::{Migration, MigrationType, Migrator},
};
use testkit::TestDb;

const TABLE: &str = "create table things (id int, word text, filled boolean);
    insert into things select n, 'word ' || n % 20, null from generate_series(1, 25) n;";
const INDEX: &str =
    "-- no-transaction\n-- expand\ncreate unique index concurrently things_word on things (word);";
const BACKFILL: &str = "-- no-transaction
-- batched
with few as (select id from things where filled is null order by id limit 10 for update)
update things t set filled = true from few where few.id = t.id;
";

/// These, numbered from one, each with a way back.
fn migrator(ups: &[&'static str]) -> Migrator {
    let made = (1_i64..).zip(ups).flat_map(|(version, sql)| {
        let of = |kind, sql: &'static str| {
            let no_tx = sql.starts_with("-- no-transaction");
            Migration::new(version, Cow::Borrowed("a test"), kind, sqlx::SqlStr::from_static(sql), no_tx)
        };
        [of(MigrationType::ReversibleUp, sql), of(MigrationType::ReversibleDown, "select 1")]
    });
    Migrator { migrations: Cow::Owned(made.collect()), locking: false, ..Migrator::DEFAULT }
}

async fn up(db: &TestDb, ups: &[&'static str]) -> Result<()> {
    schema::up(&db.db, &migrator(ups)).await.map(drop)
}

async fn applied(db: &TestDb) -> i64 {
    one(db, "select count(*) from _sqlx_migrations").await
}

async fn one(db: &TestDb, query: &'static str) -> i64 {
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
}

async fn execute(db: &TestDb, sql: &'static str) {
    let mut connection = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
}

const INDEXES: &str =
    "select count(*) from pg_index where indexrelid = to_regclass('things_word') and indisvalid";
const BROKEN: &str =
    "select count(*) from pg_index where indexrelid = to_regclass('things_word') and not indisvalid";
const DUPLICATES: &str = "delete from things where id > 20";

#[tokio::test]
async fn an_index_left_half_made_is_made_again_and_what_stands_before_it_stays() {
    let db = TestDb::empty().await;
    let after = "create table after ()";
    up(&db, &[TABLE, INDEX, after]).await.expect_err("words are not unique");
    assert_eq!((applied(&db).await, one(&db, BROKEN).await), (1, 1));
    execute(&db, DUPLICATES).await;
    up(&db, &[TABLE, INDEX, after]).await.unwrap();
    assert_eq!((applied(&db).await, one(&db, INDEXES).await), (3, 1));
}

#[tokio::test]
async fn a_migration_that_is_killed_in_the_middle_is_done_by_the_next_process() {
    let db = TestDb::empty().await;
    up(&db, &[TABLE]).await.unwrap();
    execute(&db, DUPLICATES).await;
    // A transaction that has written is waited for.
    let mut writer = PgConnection::connect(&db.url).await.unwrap();
    sqlx::raw_sql("begin; update things set filled = null where id = 1").execute(&mut writer).await.unwrap();
    let at_work = db.db.clone();
    let killed = tokio::spawn(async move { schema::up(&at_work, &migrator(&[TABLE, INDEX])).await });
    while one(&db, BROKEN).await == 0 {}
    killed.abort();
    let _it_was_killed = killed.await;
    assert_eq!(applied(&db).await, 1);
    sqlx::raw_sql("rollback").execute(&mut writer).await.unwrap();
    up(&db, &[TABLE, INDEX]).await.unwrap();
    assert_eq!((applied(&db).await, one(&db, INDEXES).await), (2, 1));
}

#[tokio::test]
async fn what_was_done_and_not_noted_is_left_alone() {
    let db = TestDb::empty().await;
    up(&db, &[TABLE]).await.unwrap();
    execute(&db, DUPLICATES).await;
    execute(&db, "create unique index things_word on things (word)").await;
    up(&db, &[TABLE, INDEX]).await.unwrap();
    assert_eq!(applied(&db).await, 2);
}

#[tokio::test]
async fn rows_are_changed_some_at_a_time_each_time_in_a_commit_of_its_own() {
    let db = TestDb::empty().await;
    up(&db, &[TABLE, BACKFILL]).await.unwrap();
    assert_eq!(one(&db, "select count(*) from things where filled").await, 25);
    assert_eq!(one(&db, "select count(distinct xmin::text) from things").await, 3, "ten, ten and five");
}

#[tokio::test]
async fn processes_that_migrate_at_once_wait_for_each_other_also_where_there_is_no_transaction() {
    let db = TestDb::empty().await;
    let ups = [TABLE, BACKFILL, "delete from things where id > 20", INDEX, "create table after ()"];
    let done = tokio::join!(up(&db, &ups), up(&db, &ups), up(&db, &ups));
    done.0.and(done.1).and(done.2).unwrap();
    assert_eq!((applied(&db).await, one(&db, INDEXES).await), (5, 1));
}

#[tokio::test]
async fn what_is_pending_is_applied_whole_or_not_at_all() {
    let db = TestDb::empty().await;
    up(&db, &["create table one ()", "create table two ()", "select 1 / 0"]).await.expect_err("a division");
    assert_eq!(
        one(&db, "select count(*) from pg_class where relname in ('one', 'two', '_sqlx_migrations')").await,
        0
    );
}

#[tokio::test]
async fn an_older_version_works_on_a_newer_schema_that_only_expands() {
    let db = TestDb::empty().await;
    let newer =
        [TABLE, "-- expand\nalter table things add column more text", "-- expand\ncreate table more ()"];
    up(&db, &newer).await.unwrap();
    up(&db, &newer[..1]).await.unwrap();
    assert_eq!(applied(&db).await, 3, "it takes nothing back");
    let older = migrator(&newer[..1]);
    let steps = schema::status(&db.db, &older).await.unwrap();
    let known: Vec<_> = steps.iter().map(|SchemaStep { known, expands, .. }| (*known, *expands)).collect();
    assert_eq!(known, [(true, false), (false, true), (false, true)]);
    let refused = schema::down(&db.db, &older, 1).await.expect_err("it does not know how");
    assert_eq!((refused.code().0, applied(&db).await), ("schema_too_new", 3));
}

#[tokio::test]
async fn an_older_version_refuses_a_newer_schema_that_it_may_not_bear() {
    let db = TestDb::empty().await;
    let newer = [TABLE, "-- expand\ncreate table more ()", "alter table things drop column word"];
    up(&db, &newer).await.unwrap();
    let refused = up(&db, &newer[..1]).await.expect_err("it would miss a column");
    assert_eq!(refused.code().0, "schema_too_new");
    assert!(refused.to_string().contains("migration 3"), "{refused}");
    assert_eq!(applied(&db).await, 3);
}

#[tokio::test]
async fn a_database_of_before_there_were_marks_gets_them_and_its_migrations_count_as_no_expansion() {
    let db = TestDb::empty().await;
    up(&db, &[TABLE]).await.unwrap();
    execute(&db, "alter table _sqlx_migrations drop column expands").await;
    up(&db, &[TABLE, "-- expand\ncreate table more ()"]).await.unwrap();
    let mark = "select count(*) from _sqlx_migrations where expands";
    assert_eq!(one(&db, mark).await, 1);
}
