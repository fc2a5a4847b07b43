//! Every statement answers with what Rust reads from it: the columns, their types, and null only where something is optional.
//!
//! The sources say what rows are read into, as far as a reader of them can tell ([`xtask::sql`]); the migrated database says what
//! columns a statement has, of which type, and which are declared as never null; the statement's text says which others may be null.
//! What nobody can tell is listed here and does not grow.

use std::{collections::BTreeMap, path::Path};

use sqlx::{
    AssertSqlSafe, Column as _, Executor as _, PgConnection, SqlSafeStr as _, Statement as _, TypeInfo as _,
};
use testkit::{TestDb, TestOrg};
use xtask::sql::{self, Column, Statement, StatementRole, may_be_null};

/// Statements that read rows into what nobody can tell, by their file.
const UNTOLD_ROWS: [(&str, usize); 0] = [];
/// Columns of which nobody can tell whether they may be null, read as if they never were, by their file: what functions and unions
/// answer. These numbers get less, not more.
const UNTOLD_NULLS: [(&str, usize); 18] = [
    ("crates/alerts/src/issues/views.rs", 1),
    ("crates/alerts/src/views.rs", 2),
    ("crates/notify/src/deliveries/store.rs", 4),
    ("crates/notify/src/receivers/coverage/views.rs", 2),
    ("crates/platform/src/db/hints.rs", 1),
    ("crates/platform/src/db/partitions/expired.rs", 1),
    ("crates/platform/src/db/schema/mod.rs", 1),
    ("crates/platform/src/jobs/cron/store.rs", 1),
    ("crates/platform/src/jobs/people/queues.rs", 4),
    ("crates/platform/src/jobs/people/views.rs", 16),
    ("crates/platform/src/jobs/queue/claim.rs", 1),
    ("crates/platform/src/jobs/queue/due.rs", 5),
    ("crates/platform/src/jobs/queue/leases.rs", 2),
    ("crates/platform/src/jobs/queue/waiting.rs", 1),
    ("crates/platform/src/record/log/mod.rs", 2),
    ("crates/platform/src/retention.rs", 1),
    ("crates/runs/src/views.rs", 3),
    ("crates/skills/src/matching/store.rs", 2),
];
/// Columns that PostgreSQL would let be null and that never are, with where that is seen to.
const NEVER_NULL: [(&str, &str); 2] = [
    // A card that is stored has both: it is written from `card::Card` alone.
    ("crates/notify/src/deliveries/views.rs", "title"),
    ("crates/notify/src/deliveries/views.rs", "state"),
];
/// Statements that answer with columns which nobody reads, by their file: they are sent for what they do.
const UNREAD: [(&str, usize); 8] = [
    ("crates/alerts/src/store.rs", 1),
    ("crates/platform/src/db/health.rs", 1),
    ("crates/platform/src/db/hints.rs", 1),
    ("crates/platform/src/db/partitions/ahead.rs", 1),
    ("crates/platform/src/db/tenant_tx.rs", 1),
    ("crates/platform/src/erasure.rs", 1),
    ("crates/platform/src/jobs/queue/claim.rs", 1),
    ("crates/platform/src/jobs/queue/lanes.rs", 1),
];

/// The columns of a statement; none when it answers with no rows.
async fn columns(conn: &mut PgConnection, text: &str) -> Vec<Column> {
    let prepared = conn.prepare(AssertSqlSafe(text.to_owned()).into_sql_str()).await.unwrap();
    let said = may_be_null(text);
    let mut columns = Vec::new();
    for (number, column) in prepared.columns().iter().enumerate() {
        let declared = match column.relation_id().zip(column.relation_attribute_no()) {
            Some((table, number)) => declared(conn, table.0, number).await,
            None => None,
        };
        let may_be_null = said.get(number).copied().flatten().or(declared);
        columns.push(Column {
            name: column.name().to_owned(),
            of: column.type_info().name().to_owned(),
            may_be_null,
        });
    }
    columns
}

/// Whether a column of a table is declared as one that may be null; of a view, as its own columns are.
async fn declared(conn: &mut PgConnection, table: u32, number: i16) -> Option<bool> {
    let query = "select not a.attnotnull, case c.relkind when 'v' then pg_get_viewdef(c.oid) end
        from pg_attribute a join pg_class c on c.oid = a.attrelid where c.oid = $1::bigint::oid and a.attnum = $2";
    let (nullable, view): (bool, Option<String>) =
        sqlx::query_as(query).bind(i64::from(table)).bind(number).fetch_one(&mut *conn).await.unwrap();
    match view {
        Some(view) => {
            let of_view = Box::pin(columns(conn, view.trim_end_matches(';'))).await;
            of_view.into_iter().nth(usize::try_from(number - 1).unwrap())?.may_be_null
        }
        None => Some(nullable),
    }
}

/// What was found of many statements.
#[derive(Debug, Default)]
struct Held {
    /// How many reads were held against what the database answers.
    told: usize,
    faults: Vec<String>,
    unread: Vec<String>,
    untold_rows: Vec<String>,
    untold_nulls: Vec<String>,
}

/// Holds what Rust reads against what the database answers, as the role that sends the statement.
async fn held(db: &TestDb, org: &TestOrg, statements: &[Statement]) -> Held {
    let mut held = Held::default();
    for statement in statements {
        let (mut tenant, mut system);
        let conn = if statement.role == StatementRole::Tenant {
            tenant = org.tx().await;
            tenant.conn()
        } else {
            system = db.db.system("a test describes a statement").await.unwrap();
            system.conn()
        };
        let columns = columns(conn, &statement.text).await;
        let of_it = |what: &String| format!("{}: {what}", statement.place);
        if statement.rows.is_empty() && !columns.is_empty() {
            held.unread.push(of_it(&statement.text));
        }
        for rows in &statement.rows {
            match rows {
                Ok(row) => {
                    let compared = sql::compare(row, &columns);
                    held.told += 1;
                    held.faults.extend(compared.faults.iter().map(of_it));
                    held.untold_nulls.extend(compared.untold.iter().map(of_it));
                }
                Err(why) => held.untold_rows.push(of_it(why)),
            }
        }
    }
    held
}

#[tokio::test]
async fn every_statement_answers_with_what_is_read_from_it() {
    let found = sql::of_product(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap();
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut held = held(&db, &org, &found.statements).await;
    for (file, column) in NEVER_NULL {
        let said = format!(": column {column} may be null, and is read as if it never were");
        let before = held.faults.len();
        held.faults.retain(|fault| !(fault.starts_with(file) && fault.ends_with(&said)));
        assert!(held.faults.len() < before, "{file} needs no exception for {column}");
    }
    assert!(held.faults.is_empty(), "{} of {}:\n{}", held.faults.len(), held.told, held.faults.join("\n"));
    assert_eq!(by_file(&held.untold_rows), BTreeMap::from(UNTOLD_ROWS), "{:#?}", held.untold_rows);
    assert_eq!(by_file(&held.unread), BTreeMap::from(UNREAD), "{:#?}", held.unread);
    assert_eq!(by_file(&held.untold_nulls), BTreeMap::from(UNTOLD_NULLS), "{:#?}", held.untold_nulls);
    assert!(held.told > 150, "{}", held.told);
}

fn by_file(places: &[String]) -> BTreeMap<&str, usize> {
    let mut counted = BTreeMap::new();
    for place in places {
        *counted.entry(place.split(':').next().unwrap()).or_insert(0) += 1;
    }
    counted
}

/// What is said against the statements of a source.
async fn said(source: &str) -> Held {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let found = sql::of(&[("crates/alerts/src/store.rs".to_owned(), source.to_owned())]).unwrap();
    held(&db, &org, &found.statements).await
}

#[tokio::test]
async fn a_missing_column_a_wrong_type_and_a_null_that_nobody_awaits_are_refused() {
    let rows = [
        ("{ id: Uuid, titel: String }", "select id, title from alerts", "there is no column titel"),
        (
            "{ occurrences: i32 }",
            "select occurrences from alerts",
            "column occurrences is INT8, read as INT4",
        ),
        (
            "{ #[sqlx(rename = \"type\")] kind: Uuid }",
            "select type from tools",
            "column type is TEXT, read as UUID",
        ),
        ("{ receivers: String }", "select receivers from issues", "column receivers is TEXT[], read as TEXT"),
        ("{ labels: Vec<String> }", "select labels from alerts", "column labels is JSONB, read as TEXT[]"),
        ("{ #[sqlx(json)] title: Title }", "select title from alerts", "column title is TEXT, read as JSONB"),
        ("{ assigned_to: Uuid }", "select assigned_to from alerts", "column assigned_to may be null, "),
        ("{ #[sqlx(flatten)] more: More }", "select id from alerts", "there is no column node_id"),
        (
            "{ name: String }",
            "select s.name from alerts a left join skills s on true",
            "column name may be null, ",
        ),
        (
            "{ first: DateTime<Utc> }",
            "select min(starts_at) as first from alerts",
            "column first may be null, ",
        ),
        ("{ n: String }", "select (select s.name from skills s) as n from alerts", "column n may be null, "),
        ("{ n: String }", "select case when true then title end as n from alerts", "column n may be null, "),
        (
            "{ n: String }",
            "update alerts set title = $1 returning labels ->> 'n' as n",
            "column n may be null, ",
        ),
        (
            "{ skill_id: Uuid }",
            "select s.skill_id from (select skill_id from issues) s",
            "column skill_id may be null, ",
        ),
        ("{ name: Uuid }", "select name from people", "column name is TEXT, read as UUID"),
    ];
    let declared = "#[derive(sqlx::FromRow)] struct More { node_id: Option<Uuid> }";
    for (row, query, expected) in rows {
        let source = format!(
            "{declared} async fn a(tx: &mut TenantTx) -> Result<Vec<Row>> {{
                #[derive(FromRow)] struct Row {row}
                Ok(sqlx::query_as(\"{query}\").fetch_all(tx.conn()).await?)
            }}"
        );
        let held = said(&source).await;
        assert!(held.faults.len() == 1 && held.faults[0].contains(expected), "{source}: {held:?}");
    }
}

#[tokio::test]
async fn what_is_read_is_told_by_where_it_goes() {
    let functions = [
        "async fn a(tx: &mut TenantTx) -> Result<i32> { Ok(Q.fetch_one(tx.conn()).await?) }",
        "async fn a(tx: &mut TenantTx) { let n: Option<i32> = Q.bind(1).fetch_optional(tx.conn()).await?; }",
        "async fn a(tx: &mut TenantTx) -> Result<i32> { let n = Q.fetch_optional(tx.conn()).await?; n.ok_or(Gone) }",
        "async fn a(tx: &mut TenantTx) -> Result<Vec<i32>> { let q = Q; let n = q.fetch_all(tx.conn()).await?; Ok(n) }",
        "async fn a(tx: &mut TenantTx) -> Result<()> { if Q.fetch_one(tx.conn()).await? { b() } }",
        "async fn a(tx: &mut TenantTx) { let n = Q.fetch_all(tx.conn()).await?; n.into_iter().map(|n: i32| n) }",
        "fn all(a: Vec<i32>) {} async fn a(tx: &mut TenantTx) { all(Q.fetch_all(tx.conn()).await?) }",
        "type N = i32; struct S { n: N } async fn a(tx: &mut TenantTx) { S { n: Q.fetch_one(tx.conn()).await? } }",
        "async fn a(tx: &mut TenantTx) { sqlx::query_scalar::<_, bool>(TEXT).fetch_one(tx.conn()).await; }",
    ];
    for function in functions {
        let source = function.replace("Q", "sqlx::query_scalar(TEXT)");
        let source = source.replace("TEXT", "\"select occurrences from alerts\"");
        let held = said(&source).await;
        assert!(held.faults.len() == 1 && held.faults[0].contains("is INT8, read as"), "{source}: {held:?}");
    }
    let untold = "async fn a(tx: &mut TenantTx) { let n = sqlx::query_scalar(\"select id from alerts\").fetch_one(tx.conn()).await?; n }";
    assert_eq!(said(untold).await.untold_rows.len(), 1);
}
