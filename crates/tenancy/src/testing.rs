//! What the tests of this crate stand on: a database, the routes, and the real authenticator before them.

use std::{net::SocketAddr, sync::Arc};

use axum::{Extension, Json, Router, extract::ConnectInfo, http::Request, middleware, routing};
use kernel::{Secret, UserId};
use platform::{
    App,
    http::{self, Caller, Can, SignedIn, admit},
    jobs::{NewJob, run_due},
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{Response, TestClient, TestDb, TestOrg, door};

use crate::{Access, Deps, NewMember, Options, Role, TokenScope, admin, permissions::PERMISSIONS};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A server of its own for a test.
pub(crate) struct World {
    pub db: Arc<TestDb>,
    pub deps: Deps,
    /// Nobody, until a header says who.
    pub nobody: TestClient,
}

platform::permissions! {
    pub(crate) OTHERS {
        /// As another domain declares them.
        AlertsRead = "alerts:read", for Everyone;
        /// Of work that programs do as well.
        AlertsWrite = "alerts:write", for WorkersAndPrograms;
        /// And this.
        IssuesWrite = "issues:write", for WorkersAndPrograms;
        /// To see.
        SkillsRead = "skills:read", for Everyone;
        /// Of work that programs do not do.
        SkillsWrite = "skills:write", for Workers;
        /// And this.
        ToolsWrite = "tools:write", for Workers;
        /// Send what comes in.
        IngestWrite = "ingest:write", for Senders;
    }
}

/// What there is in these tests.
pub(crate) fn access() -> Access {
    Access::of([PERMISSIONS, http::PERMISSIONS, OTHERS].concat().iter())
}

impl World {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let db = Arc::new(TestDb::new().await);
        let app = App {
            db: db.db.clone(),
            clock: Arc::new(db.clock.clone()),
            keyring: Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()),
            outbound: testkit::outbound(),
        };
        let options = Options { access: access(), sealed_keys: vec!["receiver/"], ..options };
        let deps = Deps::new(app, options).unwrap();
        let nobody = TestClient::bare(router(&deps));
        Self { db, deps, nobody }
    }

    /// Another process of the same server.
    pub fn beside(other: &Self) -> Self {
        Self::beside_with(other, (*other.deps.options).clone())
    }

    /// Another process, which was set up otherwise.
    pub fn beside_with(other: &Self, options: Options) -> Self {
        let options = Options { access: access(), sealed_keys: vec!["receiver/"], ..options };
        let deps = Deps::new(other.deps.app.clone(), options).unwrap();
        let nobody = TestClient::bare(router(&deps));
        Self { db: other.db.clone(), deps, nobody }
    }

    /// The routes as the admin of an organization sees them, without authentication.
    pub fn admin_of(&self, org: &TestOrg) -> TestClient {
        self.as_caller(org.caller())
    }

    pub fn as_caller(&self, caller: Caller) -> TestClient {
        TestClient::new(Router::from(crate::routes(self.deps.clone())), Some(caller))
    }

    /// Adds a person with [`PASSWORD`].
    pub async fn person(&self, org: &TestOrg, email: &str, role: Role) -> UserId {
        let password = Some(Secret::new(PASSWORD.to_owned()));
        let new = NewMember { email: email.into(), name: None, role, password };
        admin::create_user(&self.deps.app, &org.slug, new).await.unwrap()
    }

    /// Adds a person without a password.
    pub async fn without_password(&self, org: &TestOrg, email: &str) -> UserId {
        let new = NewMember { email: email.into(), name: None, role: Role::Member, password: None };
        admin::create_user(&self.deps.app, &org.slug, new).await.unwrap()
    }

    /// Makes somebody who has an account a member of another organization.
    pub async fn join(&self, org: &TestOrg, email: &str, role: Role) {
        let new = NewMember { email: email.into(), name: None, role, password: None };
        admin::create_user(&self.deps.app, &org.slug, new).await.unwrap();
    }

    /// Invites an address as the organization's admin, by a link that is handed over.
    pub async fn invite(&self, org: &TestOrg, email: &str, role: Role) -> Value {
        let invitation = json!({ "email": email, "role": role, "delivery": "link" });
        self.admin_of(org).post("/api/v1/invitations", invitation).await.expect(201)
    }

    /// Somebody who follows a link and chooses [`PASSWORD`].
    pub async fn follow(&self, link: &str) -> Response {
        let body = json!({ "token": token_of(link), "name": "Jo", "password": PASSWORD });
        self.nobody.post("/api/v1/auth/invitation/accept", body).await
    }

    /// Nobody, on this address.
    pub fn at(&self, address: &str) -> TestClient {
        let peer: SocketAddr = format!("{address}:4000").parse().unwrap();
        TestClient::bare(router(&self.deps).layer(Extension(ConnectInfo(peer))))
    }

    /// The text of a new token.
    pub async fn token(&self, org: &TestOrg, role: Role, scopes: &[TokenScope]) -> String {
        let request = admin::TokenRequest {
            name: "a program",
            role,
            scopes: scopes.to_vec(),
            node: None,
            expires_at: None,
        };
        admin::create_token(&self.deps.app, &org.slug, request).await.unwrap().expose().clone()
    }

    pub fn bearer(&self, credential: &str) -> TestClient {
        self.nobody.clone().with_header("authorization", &format!("Bearer {credential}"))
    }

    /// Whom the authenticator sees behind a client.
    pub async fn caller(&self, client: &TestClient) -> Caller {
        let mut request = Request::builder().uri("/who").body(()).unwrap();
        request.headers_mut().extend(client.headers().clone());
        let (parts, ()) = request.into_parts();
        crate::authenticator(self.deps.clone()).authenticate(&parts).await.unwrap().expect("a caller")
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.nobody.post("/api/v1/auth/sign-in", json!({ "email": email, "password": password })).await
    }

    /// A browser that signed in.
    pub async fn browser(&self, email: &str) -> Browser {
        Browser::of(self, self.sign_in(email, PASSWORD).await)
    }

    /// Works off every job that is due, and what was left for after the answers.
    pub async fn settle(&self) {
        self.deps.afterwards.close();
        self.deps.afterwards.wait().await;
        self.deps.afterwards.reopen();
        run_due(&self.db.db, &crate::domain(&self.deps).jobs).await.unwrap();
    }

    /// Puts a job into the queue that was there before.
    pub async fn again(&self, kind: &'static str, args: Value) {
        let org = sqlx::query_scalar("select id from organizations limit 1");
        let mut tx = self.db.db.system("a test finds an organization").await.unwrap();
        let org = org.fetch_one(tx.conn()).await.unwrap();
        drop(tx);
        let mut tx = self.db.db.tenant(self.db.db.system_scope(org, "a test")).await.unwrap();
        tx.enqueue(NewJob::new(kind, args)).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Runs a statement on the database as its owner.
    pub async fn sql(&self, statement: &'static str) {
        let mut tx = self.db.db.system("a test arranges the database").await.unwrap();
        sqlx::query(statement).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// What stands behind `#` in a link.
#[track_caller]
pub(crate) fn token_of(link: &str) -> &str {
    link.split_once('#').expect("a link").1
}

/// A browser's session, with and without the token against forgery.
pub(crate) struct Browser {
    pub me: Value,
    pub cookie: String,
    pub with_cookie: TestClient,
    pub client: TestClient,
}

impl Browser {
    #[track_caller]
    pub fn of(world: &World, response: Response) -> Self {
        let mut cookies =
            response.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
        let set = cookies.rfind(|cookie| cookie.starts_with("steward_session="));
        let set = set.expect("a session").to_owned();
        let me = response.expect(200);
        let cookie = set.split(';').next().unwrap().to_owned();
        let with_cookie = world.nobody.clone().with_header("cookie", &cookie);
        let client = with_cookie.clone().with_header("x-csrf-token", me["csrf_token"].as_str().unwrap());
        Self { me, cookie: set, with_cookie, client }
    }
}

/// The routes of the crate and two that tell who was let in, behind the real authenticator.
fn router(deps: &Deps) -> Router {
    async fn ingest(caller: Can<IngestWrite>) -> Json<Value> {
        Json(seen(&caller))
    }
    async fn who(caller: Can<SignedIn>) -> Json<Value> {
        Json(seen(&caller))
    }
    Router::from(crate::routes(deps.clone()))
        .route("/hooks/test", routing::post(ingest))
        .route("/who", routing::any(who))
        .layer(middleware::from_fn_with_state(door(crate::authenticator(deps.clone())), admit))
}

fn seen(caller: &Caller) -> Value {
    json!({ "org": caller.org, "actor": caller.actor, "role": caller.role, "permissions": *caller.permissions,
        "ip": caller.origin.ip, "user_agent": caller.origin.user_agent })
}
