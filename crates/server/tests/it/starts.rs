//! Several processes that start at the same moment on one database: one of them does what is to be done once, and no other trips over it.

use server::process::migrations;
use sqlx::{Connection, PgConnection};
use testkit::TestDb;

use crate::fleet::{Fleet, PRESENT, Running};

/// Three that serve and two that only work, started together; all are ready, and none had anything to complain about.
async fn start_at_once(fleet: &Fleet) -> Vec<Running> {
    let serving = std::iter::repeat_n((&["serve"], "--listen"), 3);
    let working = std::iter::repeat_n((&["worker"], "--monitor-listen"), 2);
    let started = serving.chain(working).map(|(arguments, address)| fleet.start(PRESENT, arguments, address));
    let mut started: Vec<_> = started.collect();
    for process in &mut started {
        process.is_ready().await;
    }
    for process in &started {
        let said = process.said();
        assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    }
    started
}

/// The schema is whole, every month is made once, and no default partition is left.
async fn everything_is_in_place(fleet: &Fleet) {
    let mut db = PgConnection::connect(&fleet.db.url).await.unwrap();
    let up = migrations::MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration());
    let applied: i64 = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(applied, i64::try_from(up.count()).unwrap());
    let months = "select count(*), count(*) filter (where pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')
        from pg_class c where c.relispartition and c.relkind = 'r'";
    let (months, defaults): (i64, i64) = sqlx::query_as(months).fetch_one(&mut db).await.unwrap();
    assert_eq!((months, defaults), (20, 0), "five tables with four months each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_on_an_empty_database_make_one_schema_and_one_admin() {
    let fleet = Fleet::over(TestDb::empty().await);
    let started = start_at_once(&fleet).await;
    everything_is_in_place(&fleet).await;
    let shown = started.iter().filter(|process| process.said().contains("password")).count();
    assert_eq!(shown, 1, "one process made the admin");
    let mut db = PgConnection::connect(&fleet.db.url).await.unwrap();
    let people = "select (select count(*) from organizations), (select count(*) from users)";
    let people: (i64, i64) = sqlx::query_as(people).fetch_one(&mut db).await.unwrap();
    assert_eq!(people, (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_on_an_older_schema_bring_it_up_once() {
    let fleet = Fleet::over(TestDb::new().await);
    fleet.db.org("acme").await;
    migrations::down(&fleet.db.db, 3).await.unwrap();
    start_at_once(&fleet).await;
    everything_is_in_place(&fleet).await;
}
