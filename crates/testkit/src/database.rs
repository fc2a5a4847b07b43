//! A PostgreSQL database for each test.
//!
//! The server is named by `STEWARD_TEST_DATABASE_URL` (`make test` starts one). All migrations run once into a
//! template; each test gets a copy of it in some ten milliseconds, its own by name, so tests run in parallel and
//! advisory locks, notifications and jobs of one never reach another.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use kernel::{ManualClock, Secret, SystemClock};
use platform::db::{Db, Options, schema};
use platform::jobs::Subscription;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, migrate::Migrator};
use uuid::Uuid;

use crate::{Gateway, TestOrg};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// A database of this test alone, with a clock that stands still.
pub struct TestDb {
    pub db: Db,
    pub clock: ManualClock,
    /// The login role's URL, for what needs a connection of its own.
    pub url: String,
    admin_url: String,
    name: String,
}

/// The moment at which every test starts.
pub fn start_of_time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0).single().unwrap_or_default()
}

impl TestDb {
    pub async fn new() -> Self {
        Self::with_subscriptions(Vec::new()).await
    }

    /// A database whose events start these jobs.
    pub async fn with_subscriptions(subscriptions: Vec<Subscription>) -> Self {
        let (admin_url, name) = copy_template().await;
        Self::open(admin_url, name, subscriptions).await
    }

    /// A database in which nothing is.
    pub async fn empty() -> Self {
        let url = admin_url();
        let mut admin = PgConnection::connect(&url).await.expect("the test server can be connected to");
        let name = format!("test_{}", Uuid::new_v4().simple());
        let create = AssertSqlSafe(format!("create database {name}"));
        admin.execute(create).await.expect("a database");
        Self::open(url, name, Vec::new()).await
    }

    async fn open(admin_url: String, name: String, subscriptions: Vec<Subscription>) -> Self {
        let clock = ManualClock::new(start_of_time());
        let url = sibling(&admin_url, &name);
        let options = Options {
            url: Secret::new(url.clone()),
            max_connections: 8,
            clock: Arc::new(clock.clone()),
            subscriptions,
        };
        let db = Db::connect(options).await.expect("the copy can be connected to");
        Self { db, clock, url, admin_url, name }
    }

    /// The database as a process of its own sees it that comes through this gateway.
    pub async fn through(&self, gateway: &Gateway) -> Db {
        let server = server_of(&self.url);
        let url = Secret::new(self.url.replacen(server, &gateway.address.to_string(), 1));
        let clock = Arc::new(self.clock.clone());
        Db::connect(Options { url, max_connections: 8, clock, subscriptions: Vec::new() })
            .await
            .expect("a way through")
    }

    /// A way to the server that the test can close.
    pub async fn gateway(&self) -> Gateway {
        Gateway::to(server_of(&self.url).to_owned()).await
    }

    /// A new organization with a root node and an admin.
    pub async fn org(&self, slug: &str) -> TestOrg {
        TestOrg::create(&self.db, slug).await
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (url, drop) =
            (self.admin_url.clone(), format!("drop database if exists {} with (force)", self.name));
        // Drop is not async and may run inside a runtime: the clean-up gets a thread of its own.
        let cleanup = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if let Ok(mut connection) = PgConnection::connect(&url).await {
                    let _ = connection.execute(AssertSqlSafe(drop)).await;
                }
            });
        });
        let _ = cleanup.join();
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings; this names their server")]
fn admin_url() -> String {
    std::env::var("STEWARD_TEST_DATABASE_URL").expect(
        "STEWARD_TEST_DATABASE_URL names no server: run the tests with `make test`, or see CONTRIBUTING.md",
    )
}

/// `host:port` of a URL.
fn server_of(url: &str) -> &str {
    let after = url.rfind('@').map_or(0, |at| at + 1);
    url[after..].split('/').next().unwrap_or_default()
}

fn sibling(url: &str, name: &str) -> String {
    let end = url.rfind('/').map_or(url.len(), |slash| slash);
    format!("{}/{name}", &url[..end])
}

/// Answers the server's URL and the name of the new copy.
async fn copy_template() -> (String, String) {
    let url = admin_url();
    let mut admin = PgConnection::connect(&url).await.expect("the test server can be connected to");
    let mut hash = Sha256::new();
    for migration in MIGRATIONS.iter() {
        hash.update(&migration.checksum);
    }
    let template = format!("template_{}", &hex::encode(hash.finalize())[..16]);
    make_template(&mut admin, &url, &template).await;
    let name = format!("test_{}", Uuid::new_v4().simple());
    let create = format!("create database {name} template {template}");
    admin.execute(AssertSqlSafe(create)).await.expect("the template can be copied");
    (url, name)
}

/// As a server does when it starts.
async fn migrate(url: String) {
    let options = Options {
        url: Secret::new(url),
        max_connections: 2,
        clock: Arc::new(SystemClock),
        subscriptions: Vec::new(),
    };
    let db = Db::connect(options).await.expect("a connection");
    db.prepare().await.expect("pgvector");
    schema::up(&db, &MIGRATIONS).await.expect("the migrations run");
    db.close().await;
}

/// One process makes the template, the others wait for it.
async fn make_template(admin: &mut PgConnection, url: &str, template: &str) {
    let exists = "select exists (select from pg_database where datname = $1)";
    if sqlx::query_scalar(exists).bind(template).fetch_one(&mut *admin).await.unwrap_or(false) {
        return;
    }
    admin.execute("select pg_advisory_lock(20261121)").await.expect("a lock");
    if !sqlx::query_scalar(exists).bind(template).fetch_one(&mut *admin).await.unwrap_or(false) {
        let draft = format!("{template}_draft");
        admin
            .execute(AssertSqlSafe(format!("drop database if exists {draft} with (force)")))
            .await
            .expect("a drop");
        admin.execute(AssertSqlSafe(format!("create database {draft}"))).await.expect("a database");
        migrate(sibling(url, &draft)).await;
        let rename = format!("alter database {draft} rename to {template}");
        admin.execute(AssertSqlSafe(rename)).await.expect("a rename");
    }
    admin.execute("select pg_advisory_unlock(20261121)").await.expect("an unlock");
}
