//! Every transaction is limited, and what a limit says is "not now".

use kernel::Error;
use platform::db::{Db, Work};
use sqlx::AssertSqlSafe;
use testkit::TestDb;

const SHOWN: &str =
    "select concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout'),
    current_setting('idle_in_transaction_session_timeout'))";

async fn limits_of(db: &Db) -> String {
    let mut tx = db.system("a test looks at a transaction's limits").await.unwrap();
    sqlx::query_scalar(SHOWN).fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn each_kind_of_work_has_its_limits_and_they_end_with_the_transaction() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    for (work, limits) in [
        (Work::Request, "5s 30s 10s"),
        (Work::Intake, "15s 30s 5s"),
        (Work::Job, "15s 1min 10s"),
        (Work::Machine, "3s 10s 5s"),
        (Work::Maintenance, "3s 10min 10s"),
        (Work::Migration, "0 0 1min"),
    ] {
        let db = db.db.working(work);
        assert_eq!(limits_of(&db).await, limits, "{work:?}");
        let mut tx = db.tenant(org.caller().scope()).await.unwrap();
        let of_tenant: String = sqlx::query_scalar(SHOWN).fetch_one(tx.conn()).await.unwrap();
        assert_eq!(of_tenant, limits, "{work:?}");
        tx.commit().await.unwrap();
        let after: String =
            sqlx::query_scalar(SHOWN).fetch_one(&mut *db.connection().await.unwrap()).await.unwrap();
        assert_eq!(after, "0 0 0", "{work:?}");
    }
    let by_default: String = sqlx::query_scalar(SHOWN).fetch_one(org.tx().await.conn()).await.unwrap();
    assert_eq!(by_default, "5s 30s 10s");
}

#[tokio::test]
async fn the_server_looks_whether_our_machine_is_still_there() {
    let db = TestDb::new().await;
    let query = "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings
        where name in ('tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout',
            'client_connection_check_interval')";
    let shown: String =
        sqlx::query_scalar(query).fetch_one(&mut *db.db.connection().await.unwrap()).await.unwrap();
    let expected = "client_connection_check_interval=2000 tcp_keepalives_count=3 tcp_keepalives_idle=15 \
                    tcp_keepalives_interval=5 tcp_user_timeout=20000";
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn an_error_that_passes_by_itself_is_no_fault_of_ours() {
    let db = TestDb::new().await;
    let check = async |states: &[&str], expected: &str| {
        for state in states {
            let raise = format!("do $$ begin raise exception 'a test' using errcode = '{state}'; end $$");
            let raised = sqlx::query(AssertSqlSafe(raise))
                .execute(&mut *db.db.connection().await.unwrap())
                .await
                .unwrap_err();
            assert_eq!(Error::from(raised).code().0, expected, "{state}");
        }
    };
    // Limits; conflicts of the moment; a failover; a server that stops, crashed or starts; one that is out of something.
    check(&["55P03", "57014", "25P03"], "unavailable").await;
    check(&["40001", "40P01"], "unavailable").await;
    check(&["25006", "57P01", "57P02", "57P03", "08006", "08P01"], "unavailable").await;
    check(&["53000", "53200", "53300"], "unavailable").await;
    check(&["53100"], "disk_full").await;
    check(&["42601", "42501", "23505", "XX000"], "internal").await;
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_no_fault_of_ours() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let mut tx = org.tx().await;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(tx.conn()).await.unwrap();
    let mut other = db.db.system("a test ends a session").await.unwrap();
    let end = "select pg_terminate_backend($1, 10000)";
    assert!(sqlx::query_scalar::<_, bool>(end).bind(pid).fetch_one(other.conn()).await.unwrap());
    let ended = sqlx::query("select 1").execute(tx.conn()).await.unwrap_err();
    assert_eq!(Error::from(ended).code().0, "unavailable");
    let again = tx.commit().await.unwrap_err();
    assert_eq!(again.code().0, "unavailable");
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_no_fault_of_ours() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let limited = async |limit: &str, statement: &'static str| {
        let mut tx = org.tx().await;
        let limit = format!("set local {limit} = '50ms'");
        sqlx::query(AssertSqlSafe(limit)).execute(tx.conn()).await.unwrap();
        Error::from(sqlx::query(statement).execute(tx.conn()).await.unwrap_err())
    };
    let mut holder = db.db.system("a test holds a lock").await.unwrap();
    let lock = "select pg_advisory_xact_lock(1)";
    sqlx::query(lock).execute(holder.conn()).await.unwrap();
    assert_eq!(
        limited("lock_timeout", lock).await.to_string(),
        "somebody else holds what this needs; try again"
    );
    let slow = limited("statement_timeout", "select pg_sleep(60)").await;
    assert_eq!(slow.to_string(), "the database took too long over this; try again");
}
