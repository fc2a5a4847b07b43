//! Every migration goes up, down and up again.

use server::command::migrate;
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
        migrate::MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration()).count();
    for _ in 0..steps {
        migrate::down(&db.db, 1).await.unwrap();
    }
    assert_eq!(tables(&db).await, Vec::<String>::new());
    migrate::up(&db.db).await.unwrap();
    assert_eq!(tables(&db).await, before);
    db.org("acme").await;
}
