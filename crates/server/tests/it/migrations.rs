//! Every migration goes up, down and up again.

use platform::db::{Work, maintain_partitions};
use server::{process::compose, process::migrations};
use testkit::TestDb;

async fn tables(db: &TestDb) -> Vec<String> {
    let mut tx = db.db.system("a test lists tables").await.unwrap();
    let query = "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname <> '_sqlx_migrations' order by 1";
    sqlx::query_scalar(query).fetch_all(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn every_migration_can_be_taken_back_and_applied_again() {
    let db = TestDb::new().await;
    let before = tables(&db).await;
    assert!(before.len() > 20, "{before:?}");
    let steps =
        migrations::MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration()).count();
    for _ in 0..steps {
        migrations::down(&db.db, 1).await.unwrap();
    }
    assert_eq!(tables(&db).await, Vec::<String>::new());
    migrations::up(&db.db).await.unwrap();
    assert_eq!(tables(&db).await, before);
    db.org("acme").await;
}

#[tokio::test]
async fn the_way_down_brings_back_the_default_partitions_that_a_running_server_dropped() {
    let db = TestDb::new().await;
    db.org("acme").await;
    let defaults = async || tables(&db).await.into_iter().filter(|name| name.ends_with("_default")).count();
    assert_eq!(defaults().await, 5);
    let partitioned = compose::disconnected().unwrap().partitioned(None);
    maintain_partitions(&db.db.working(Work::Maintenance), &partitioned).await.unwrap();
    assert_eq!(defaults().await, 0);
    let newer = migrations::MIGRATIONS.iter().filter(|migration| {
        migration.migration_type.is_up_migration() && migration.version >= 20_261_127_140_000
    });
    migrations::down(&db.db, newer.count()).await.unwrap();
    assert_eq!(defaults().await, 5);
    migrations::up(&db.db).await.unwrap();
    maintain_partitions(&db.db.working(Work::Maintenance), &partitioned).await.unwrap();
    assert_eq!(defaults().await, 0);
}
