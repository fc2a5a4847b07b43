//! What the tests of this crate stand on: a database, the routes, and the real authenticator before them.

use std::sync::Arc;

use axum::{Json, Router, middleware, routing};
use kernel::{Secret, UserId};
use platform::{
    App,
    http::{Caller, Can, IngestWrite, SignedIn, authenticate},
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{Response, TestClient, TestDb, TestOrg};

use crate::{Deps, NewMember, Options, Role, TokenScope, admin};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A server of its own for a test.
pub(crate) struct World {
    pub db: TestDb,
    pub deps: Deps,
    /// Nobody, until a header says who.
    pub nobody: TestClient,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let db = TestDb::new().await;
        let app = App {
            db: db.db.clone(),
            clock: Arc::new(db.clock.clone()),
            keyring: Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()),
            outbound: testkit::outbound(),
        };
        let deps = Deps::new(app, options).unwrap();
        let nobody = TestClient::bare(router(&deps));
        Self { db, deps, nobody }
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
    pub async fn invite(&self, org: &TestOrg, email: &str) -> UserId {
        let new = NewMember { email: email.into(), name: None, role: Role::Member, password: None };
        admin::create_user(&self.deps.app, &org.slug, new).await.unwrap()
    }

    /// The text of a new token.
    pub async fn token(&self, org: &TestOrg, role: Role, scopes: &[TokenScope]) -> String {
        let request = admin::TokenRequest {
            name: "a program",
            role,
            scopes: scopes.to_vec(),
            team: None,
            expires_at: None,
        };
        admin::create_token(&self.deps.app, &org.slug, request).await.unwrap().expose().clone()
    }

    pub fn bearer(&self, credential: &str) -> TestClient {
        self.nobody.clone().with_header("authorization", &format!("Bearer {credential}"))
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.nobody.post("/api/v1/auth/sign-in", json!({ "email": email, "password": password })).await
    }

    /// A browser that signed in.
    pub async fn browser(&self, email: &str) -> Browser {
        Browser::of(self, self.sign_in(email, PASSWORD).await)
    }

    /// Runs a statement on the database as its owner.
    pub async fn sql(&self, statement: &'static str) {
        let mut tx = self.db.db.system("a test arranges the database").await.unwrap();
        sqlx::query(statement).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
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
        let set = response.headers.get("set-cookie").expect("a cookie").to_str().unwrap().to_owned();
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
        .layer(middleware::from_fn_with_state(crate::authenticator(deps.clone()), authenticate))
}

fn seen(caller: &Caller) -> Value {
    json!({ "org": caller.org, "actor": caller.actor, "role": caller.role, "permissions": *caller.permissions,
        "ip": caller.origin.ip, "user_agent": caller.origin.user_agent })
}
