//! Organizations and callers for tests.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use kernel::{NodeId, OrgId, UserId};
use platform::{
    db::{Actor, Db, Origin, Reach, Scope, TenantTx},
    http::{Caller, CredentialId, NodeRights},
    outbound::{Outbound, Policy},
};
use uuid::Uuid;

/// Every permission there is: those in the table of the page on people, which a test of the server compares with the code.
fn every_permission() -> Vec<&'static str> {
    let page = include_str!("../../../docs/people.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(name, _)| name).filter(|name| name.contains(':')).collect()
}

/// An organization with a root node and one admin.
#[derive(Clone)]
pub struct TestOrg {
    pub db: Db,
    pub id: OrgId,
    pub slug: String,
    pub admin: UserId,
}

impl TestOrg {
    pub(crate) async fn create(db: &Db, slug: &str) -> Self {
        let now = db.clock().now();
        let (id, admin) = (OrgId::new(now), UserId::new(now));
        let mut tx = db.system("a test builds an organization").await.expect("a transaction");
        sqlx::query(
            "insert into organizations (id, slug, name, created_at, updated_at) values ($1, $2, initcap($2), $3, $3)",
        )
        .bind(id)
        .bind(slug)
        .bind(now)
        .execute(tx.conn())
        .await
        .expect("an organization");
        sqlx::query(
            "insert into org_nodes (org_id, id, kind, slug, name, created_at, updated_at)
             values ($1, $2, 'org', $3, initcap($3), $4, $4)",
        )
        .bind(id)
        .bind(NodeId::new(now))
        .bind(slug)
        .bind(now)
        .execute(tx.conn())
        .await
        .expect("a root node");
        tx.commit().await.expect("a commit");
        let org = Self { db: db.clone(), id, slug: slug.into(), admin };
        org.insert_member(admin, &format!("admin@{slug}.example"), "admin").await;
        org
    }

    /// A person of this organization.
    pub async fn member(&self, email: &str, role: &str) -> UserId {
        let id = UserId::new(self.db.clock().now());
        self.insert_member(id, email, role).await;
        id
    }

    async fn insert_member(&self, id: UserId, email: &str, role: &str) {
        let now = self.db.clock().now();
        let mut tx = self.db.system("a test builds a member").await.expect("a transaction");
        sqlx::query(
            "insert into users (id, email, name, email_verified_at, created_at, updated_at)
             values ($1, $2, split_part($2, '@', 1), $3, $3, $3)",
        )
        .bind(id)
        .bind(email)
        .bind(now)
        .execute(tx.conn())
        .await
        .expect("a user");
        sqlx::query(
            "insert into memberships (org_id, user_id, role, created_at, updated_at) values ($1, $2, $3, $4, $4)",
        )
        .bind(self.id)
        .bind(id)
        .bind(role)
        .bind(now)
        .execute(tx.conn())
        .await
        .expect("a membership");
        tx.commit().await.expect("a commit");
    }

    /// The admin, with every permission.
    pub fn caller(&self) -> Caller {
        self.caller_with(&every_permission())
    }

    /// The admin, with these permissions only.
    pub fn caller_with(&self, permissions: &[&'static str]) -> Caller {
        Caller {
            org: self.id,
            actor: Actor::User { id: self.admin, name: "Admin".into() },
            role: Some("admin".into()),
            permissions: Arc::new(permissions.iter().copied().collect::<BTreeSet<_>>()),
            nodes: Arc::default(),
            reach: Reach::Everywhere,
            home: None,
            origin: Origin { ip: Some("192.0.2.1".into()), user_agent: Some("test".into()) },
            correlation: Uuid::new_v4(),
            csrf_token: None,
            credential: CredentialId::Session(Vec::new()),
            granted: None,
        }
    }

    /// Somebody who has every permission at these nodes and below them, and none in the whole organization.
    pub async fn caller_at(&self, nodes: &[NodeId]) -> Caller {
        let mut tx = self.tx().await;
        let mut rights = Vec::new();
        for node in nodes {
            let below: Vec<NodeId> = sqlx::query_scalar("select nodes_below($1, array[$2])")
                .bind(self.id)
                .bind(node)
                .fetch_all(tx.conn())
                .await
                .expect("the nodes below");
            let permissions = every_permission().into_iter().collect();
            rights.push(NodeRights { node: *node, permissions, below: below.into_iter().collect() });
        }
        Caller {
            role: None,
            nodes: Arc::new(rights),
            reach: Reach::NOWHERE,
            home: nodes.first().copied(),
            ..self.caller_with(&[])
        }
    }

    /// A team below a node, or below the root.
    pub async fn node(&self, slug: &str, parent: Option<NodeId>) -> NodeId {
        let mut tx = self.tx().await;
        let (id, now) = (NodeId::new(tx.now()), tx.now());
        let query = "insert into org_nodes (org_id, id, parent_id, kind, slug, name, created_at, updated_at)
            values ($1, $2, coalesce($3, (select id from org_nodes where org_id = $1 and parent_id is null)), 'team',
                $4, $4, $5, $5)";
        sqlx::query(query)
            .bind(self.id)
            .bind(id)
            .bind(parent)
            .bind(slug)
            .bind(now)
            .execute(tx.conn())
            .await
            .expect("a node");
        tx.commit().await.expect("a commit");
        id
    }

    /// A transaction in the admin's name.
    pub async fn tx(&self) -> TenantTx {
        let scope: Scope = self.caller().scope();
        self.db.tenant(scope).await.expect("a transaction")
    }

    /// How many rows of this organization a table holds, seen past row-level security.
    pub async fn count(&self, table: &str) -> i64 {
        let mut tx = self.db.system("a test counts rows").await.expect("a transaction");
        let query = format!("select count(*) from {table} where org_id = $1");
        sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .bind(self.id)
            .fetch_one(tx.conn())
            .await
            .expect("a count")
    }
}

/// A way out that may reach fakes on this machine.
pub fn outbound() -> Outbound {
    let policy = Policy { allowed: vec!["127.0.0.1".into(), "localhost".into()] };
    Outbound::new(policy, Duration::from_secs(5)).expect("a client")
}
