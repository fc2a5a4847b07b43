//! Every SQL statement of the product means something in the migrated database, to the role that sends it.
//!
//! The sources are read, so that no statement can be forgotten: whatever text begins as SQL does is prepared and planned, which
//! checks the names of tables, columns and functions, that the types of parameters are known and fit, and that the role may do
//! it. What is made while the product runs is counted here and tested where it is made. Whether what Rust reads fits is said beside
//! this ([`crate::statement_rows`]). Left out: the Rust types of what is bound; the tests that run the statements say that.

use std::path::Path;

use sqlx::AssertSqlSafe;
use testkit::{TestDb, TestOrg};
use xtask::sql::{self, DYNAMIC, Found, Statement, StatementRole};

/// What cannot be prepared begins with one of these.
const UTILITIES: [&str; 12] =
    ["begin", "rollback", "show", "set", "listen", "notify", "lock", "create", "alter", "drop", "call", "do"];

/// What PostgreSQL says against a statement, if anything.
async fn refusal(db: &TestDb, org: &TestOrg, statement: &Statement) -> Option<String> {
    let roles: &[StatementRole] = match statement.role {
        StatementRole::Either => &[StatementRole::Tenant, StatementRole::System],
        StatementRole::Tenant => &[StatementRole::Tenant],
        StatementRole::System => &[StatementRole::System],
    };
    let mut said = None;
    for role in roles {
        match planned(db, org, *role, &statement.text).await {
            Ok(()) => return None,
            Err(error) => said = Some(format!("{} ({role:?}): {error}\n{}", statement.place, statement.text)),
        }
    }
    said
}

async fn planned(db: &TestDb, org: &TestOrg, role: StatementRole, text: &str) -> Result<(), sqlx::Error> {
    let (mut tenant, mut system);
    let conn = if role == StatementRole::Tenant {
        tenant = org.tx().await;
        tenant.conn()
    } else {
        system = db.db.system("a test plans a statement").await.unwrap();
        system.conn()
    };
    sqlx::raw_sql(AssertSqlSafe(format!("prepare the_statement as {text}"))).execute(&mut *conn).await?;
    let query =
        "select cardinality(parameter_types) from pg_prepared_statements where name = 'the_statement'";
    let parameters: i32 = sqlx::query_scalar(query).fetch_one(&mut *conn).await?;
    let nulls = vec!["null"; usize::try_from(parameters).unwrap()].join(", ");
    let arguments = if nulls.is_empty() { nulls } else { format!("({nulls})") };
    // Planning alone asks for no permission; explaining does.
    let explained = sqlx::raw_sql(AssertSqlSafe(format!("explain execute the_statement{arguments}")))
        .execute(&mut *conn)
        .await;
    // A prepared statement outlives its transaction, and connections are used again.
    sqlx::raw_sql("rollback; deallocate the_statement").execute(&mut *conn).await?;
    explained.map(drop)
}

#[tokio::test]
async fn every_statement_is_prepared_as_the_role_that_sends_it() {
    let Found { statements, utilities, dynamic, unused_macros } =
        sql::of_product(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut refused = Vec::new();
    for statement in &statements {
        refused.extend(refusal(&db, &org, statement).await);
    }
    assert!(refused.is_empty(), "{} of {}:\n{}", refused.len(), statements.len(), refused.join("\n\n"));
    assert_eq!(unused_macros, Vec::<String>::new(), "macros with SQL that is never read");
    let unknown: Vec<_> =
        dynamic.iter().filter(|made| !DYNAMIC.iter().any(|file| made.place.starts_with(file))).collect();
    assert!(unknown.is_empty(), "made while the product runs: {unknown:#?}");
    let unknown: Vec<_> = utilities
        .iter()
        .filter(|utility| !UTILITIES.iter().any(|verb| utility.text.trim_start().starts_with(verb)))
        .collect();
    assert!(unknown.is_empty(), "not understood: {unknown:#?}");
    let by = |role| statements.iter().filter(|statement| statement.role == role).count();
    assert!(
        by(StatementRole::Tenant) > 150 && by(StatementRole::System) > 30,
        "{} and {}",
        by(StatementRole::Tenant),
        by(StatementRole::System)
    );
}

/// What is said against the statements of a source.
async fn said(source: &str) -> Vec<String> {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let found = sql::of(&[("crates/alerts/src/store.rs".to_owned(), source.to_owned())]).unwrap();
    assert!(!found.statements.is_empty(), "nothing was found");
    let mut refused = Vec::new();
    for statement in &found.statements {
        refused.extend(refusal(&db, &org, statement).await);
    }
    refused
}

#[tokio::test]
async fn a_wrong_name_type_or_role_is_refused() {
    let cases = [
        (
            r#"async fn a(tx: &mut TenantTx) { sqlx::query("select titel from alerts where org_id = $1").execute(tx.conn()).await?; }"#,
            "column \"titel\" does not exist",
        ),
        (
            r#"async fn a(tx: &mut TenantTx) { let q = "update alerts set occurrences = 'many' where org_id = $1"; ask(q) }"#,
            "invalid input syntax for type bigint",
        ),
        (
            r#"async fn a(tx: &mut TenantTx) { sqlx::query("select id from alerts where id = $1 and title = $1"); }"#,
            "operator does not exist: text = uuid",
        ),
        (
            r#"macro_rules! columns { ($of:literal) => { concat!($of, ".id, ", $of, ".nme") }; }
            async fn a(tx: &mut TenantTx) { run!(sqlx::query(concat!("select ", columns!("s"), " from skills s")), 1) }"#,
            "column s.nme does not exist",
        ),
        (
            r#"async fn a(tx: &mut TenantTx) { sqlx::query("delete from organizations where id = $1"); }"#,
            "permission denied for table organizations",
        ),
        (r#"const Q: &str = "select nothing from nowhere";"#, "relation \"nowhere\" does not exist"),
    ];
    for (source, expected) in cases {
        let said = said(source).await;
        assert!(said.len() == 1 && said[0].contains(expected), "{source}: {said:?}");
    }
    let fine = r#"async fn a(db: &Db) { let mut tx = db.system("why").await?; sqlx::query("delete from organizations where id = $1"); }"#;
    assert_eq!(said(fine).await, Vec::<String>::new());
}

#[test]
fn what_cannot_be_prepared_is_named_and_not_passed_over() {
    let source = r#"
        macro_rules! never { () => { "select 1 from never" }; }
        macro_rules! repeated { ($($of:literal),*) => { concat!("select ", $($of),*, " from a") }; }
        async fn a(db: &Db) {
            sqlx::query(AssertSqlSafe(format!("select id from alerts where {filter}")));
            sqlx::raw_sql("vacuum alerts");
            sqlx::query_as(repeated!("a", "b"));
            let query = concat!("select ", elsewhere!(), " from b");
        }
        #[cfg(test)]
        mod tests { fn a() { sqlx::query("select of from a_test"); } }
    "#;
    let found = sql::of(&[("crates/alerts/src/store.rs".to_owned(), source.to_owned())]).unwrap();
    assert_eq!(found.statements.len(), 0, "{:?}", found.statements);
    assert_eq!(found.dynamic.len(), 3, "{:?}", found.dynamic);
    assert_eq!(found.utilities.len(), 1, "{:?}", found.utilities);
    assert_eq!(found.unused_macros, ["never", "repeated"]);
}
