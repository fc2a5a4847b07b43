//! Tenants are apart in the database itself.

use sqlx::{AssertSqlSafe, Executor, Row};
use testkit::TestDb;

/// Every table with tenants' data and the column that says whose.
async fn tenant_tables(db: &TestDb) -> Vec<(String, &'static str)> {
    let mut tx = db.db.system("a test lists tables").await.unwrap();
    let query = "select c.relname::text as name, c.relrowsecurity as secured
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition";
    let rows = tx.conn().fetch_all(query).await.unwrap();
    let mut tables = Vec::new();
    for row in rows {
        let name: String = row.get("name");
        assert!(row.get::<bool, _>("secured"), "{name} has no row-level security");
        tables.push((name, "org_id"));
    }
    tables.push(("organizations".into(), "id"));
    assert!(tables.len() > 20, "{tables:?}");
    tables
}

#[tokio::test]
async fn a_raw_connection_that_names_no_organization_sees_no_tenant_rows() {
    let db = TestDb::new().await;
    db.org("acme").await;
    for (table, _) in tenant_tables(&db).await {
        let query = format!("select count(*) from {table}");
        let seen: i64 = sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_one(&mut *db.db.connection().await.unwrap())
            .await
            .unwrap();
        assert_eq!(seen, 0, "{table}");
    }
}

#[tokio::test]
async fn a_statement_that_forgets_its_filter_sees_only_its_own_organization() {
    let db = TestDb::new().await;
    let (acme, rival) = (db.org("acme").await, db.org("rival").await);
    let mut tx = acme.tx().await;
    let seen: Vec<uuid::Uuid> =
        sqlx::query_scalar("select distinct org_id from memberships").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(seen, [acme.id.uuid()]);
    let people: Vec<String> =
        sqlx::query_scalar("select email from users").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(people, ["admin@acme.example"]);
    let changed = sqlx::query("update memberships set role = 'viewer' where org_id = $1")
        .bind(rival.id)
        .execute(tx.conn())
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 0);
}

#[tokio::test]
async fn the_database_refuses_a_row_for_another_organization() {
    let db = TestDb::new().await;
    let (acme, rival) = (db.org("acme").await, db.org("rival").await);
    let mut tx = acme.tx().await;
    let written = sqlx::query(
        "insert into memberships (org_id, user_id, role, created_at, updated_at)
            values ($1, $2, 'admin', now(), now())",
    )
    .bind(rival.id)
    .bind(acme.admin)
    .execute(tx.conn())
    .await;
    let refused = written.unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn a_tenant_cannot_read_password_hashes_or_rewrite_the_record() {
    let db = TestDb::new().await;
    let acme = db.org("acme").await;
    for statement in [
        "select password_hash from users",
        "update event_log set payload = '{}'",
        "delete from audit_logs",
        "update organizations set status = 'active'",
        "select * from alerts_default",
    ] {
        let mut tx = acme.tx().await;
        let refused = tx.conn().execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn the_role_of_a_connection_outlives_no_transaction() {
    let db = TestDb::new().await;
    db.org("acme").await;
    let tx = db.db.system("a test looks at everything").await.unwrap();
    tx.commit().await.unwrap();
    let seen: i64 = sqlx::query_scalar("select count(*) from memberships")
        .fetch_one(&mut *db.db.connection().await.unwrap())
        .await
        .unwrap();
    assert_eq!(seen, 0);
}
