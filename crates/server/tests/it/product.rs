//! The product over a test's own database.

use axum::Router;
use kernel::Secret;
use platform::secrets::Keyring;
use serde_json::Value;
use server::{
    http::router,
    process::{
        compose::{self, Product},
        settings::Settings,
    },
    reactions,
};
use skills::tools::sandbox::Executable;
use testkit::{TestClient, TestDb};

/// A product without a listener: requests go straight to its router, jobs run when they are asked to.
pub struct TestProduct {
    pub db: TestDb,
    pub product: Product,
    pub router: Router,
    pub settings: Settings,
    key: Secret<String>,
}

fn composed(settings: &Settings, db: &TestDb, key: &Secret<String>) -> Product {
    let keyring = Keyring::new(std::slice::from_ref(key)).unwrap();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    compose::compose(settings, db.db.clone(), keyring, metrics).unwrap()
}

/// How a member of an organization calls.
pub struct Member {
    pub client: TestClient,
}

impl TestProduct {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A product with other settings than the defaults. It may call fakes on this machine.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::over(TestDb::with_subscriptions(reactions::subscriptions()).await, Keyring::generate(), change)
    }

    /// A product over a database that holds something sealed with this key.
    pub fn over(db: TestDb, key: Secret<String>, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::defaults().unwrap();
        settings.egress.egress_allow = vec!["127.0.0.1".into()];
        settings.listen.rate_limit = 0;
        settings.work.sandbox_executable =
            Some(Executable { path: env!("CARGO_BIN_EXE_steward").into(), ..Executable::default() });
        change(&mut settings);
        let product = composed(&settings, &db, &key);
        let router = router::build(&settings, &product).unwrap();
        Self { db, product, router, settings, key }
    }

    /// Another process of the same server.
    pub fn beside(&self) -> Product {
        composed(&self.settings, &self.db, &self.key)
    }

    async fn organization(&self, slug: &str) {
        if tenancy::admin::scope(&self.product.app, slug).await.is_err() {
            tenancy::admin::create_org(&self.product.app, slug, slug).await.unwrap();
        }
    }

    /// An organization and a token with this role's rights in it.
    pub async fn member(&self, slug: &str, role: &str) -> Member {
        self.member_in(slug, role, None).await
    }

    /// The same, at one of its nodes and below it.
    pub async fn member_at(&self, slug: &str, role: &str, node: &str) -> Member {
        self.member_in(slug, role, Some(node)).await
    }

    async fn member_in(&self, slug: &str, role: &str, node: Option<&str>) -> Member {
        let bearer = format!("Bearer {}", self.token(slug, role, node).await);
        Member { client: self.anonymous().with_header("authorization", &bearer) }
    }

    /// A token of an organization with this role's rights, everywhere or at a node.
    pub async fn token(&self, slug: &str, role: &str, node: Option<&str>) -> String {
        self.organization(slug).await;
        let request = tenancy::admin::TokenRequest {
            name: role,
            role: role.parse().unwrap(),
            scopes: vec![tenancy::TokenScope::Api, tenancy::TokenScope::Ingest],
            node,
            expires_at: None,
        };
        let token = tenancy::admin::create_token(&self.product.app, slug, request).await.unwrap();
        token.expose().clone()
    }

    /// A node of an organization, which is made as well: a unit below the root, or a team below a unit or the root; its id.
    pub async fn node(&self, slug: &str, kind: &str, node: &str, parent: Option<&str>) -> String {
        let admin = self.member(slug, "admin").await;
        let node = serde_json::json!({ "kind": kind, "slug": node, "name": node, "parent_id": parent });
        let made = admin.client.post("/api/v1/nodes", node).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// A person who can sign in with this password.
    pub async fn person(&self, slug: &str, email: &str, password: &str) {
        let new = tenancy::NewMember {
            email: email.into(),
            name: None,
            role: "admin".parse().unwrap(),
            password: Some(Secret::new(password.to_owned())),
        };
        self.organization(slug).await;
        tenancy::admin::create_user(&self.product.app, slug, new).await.unwrap();
    }

    pub fn anonymous(&self) -> TestClient {
        TestClient::bare(self.router.clone())
    }

    /// Enqueues what follows the log, as a worker does all the time, and runs nothing.
    pub async fn follow(&self) {
        platform::jobs::Follower::new(&self.db.db).catch_up().await.unwrap();
    }

    /// Runs every job that is due, and those that they lead to.
    pub async fn settle(&self) {
        platform::jobs::run_due(&self.db.db, &self.product.registry).await.unwrap();
    }
}

impl Member {
    /// A tool without a network that answers what it is given.
    pub async fn add_tool(&self, name: &str, code: &str) {
        let tool = serde_json::json!({ "name": name, "type": "custom_code", "config": { "code": code, "allowed_hosts": [] } });
        self.client.post("/api/v1/tools", tool).await.expect(201);
    }

    /// A skill that every alert matches.
    pub async fn add_skill(&self, name: &str, sop: &str) -> Value {
        let skill = serde_json::json!({ "name": name, "problem_description": name, "sop": sop });
        let skill = self.client.post("/api/v1/skills", skill).await.expect(201);
        let binding = serde_json::json!({ "alert_pattern": "/./", "skill_id": skill["id"] });
        self.client.post("/api/v1/bindings", binding).await.expect(201);
        skill
    }
}
