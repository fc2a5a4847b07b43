//! What must hold on every replica of a server: two of them on one database, each with its own listener, caches and streams,
//! spoken to over real HTTP; with and without a Redis that they share, and when that one dies.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};
use server::{
    http::router,
    process::{
        compose::Product,
        connections::{self, Connections},
        settings::Settings,
    },
};
use testkit::peers::RedisServer;
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::product::TestProduct;

const PASSWORD: &str = "correct horse battery staple";
/// Far more than the two seconds that are promised, which no test measures: `bench/door.py` does.
const LONG: Duration = Duration::from_secs(30);

/// A process's part of a server, on a port of its own.
pub struct Replica {
    pub url: String,
    _tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Replica {
    /// Serves a product as `steward serve` does.
    pub async fn start(settings: &Settings, product: &Product, name: &str) -> Self {
        Self::behind(settings, product, name, Connections::new(1000, Arc::new([]))).await
    }

    /// With these connections.
    pub async fn behind(
        settings: &Settings,
        product: &Product,
        name: &str,
        connections: Connections,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, mut tasks) = (product.stop.clone(), JoinSet::new());
        let db = product.app.db.clone();
        tasks.spawn(platform::db::exchange_hints(db, name.to_owned(), stop.clone()));
        tasks.spawn(product.live.clone().run());
        tasks.spawn(product.hot.clone().watch(stop.clone()));
        let app = router::build(settings, product).unwrap();
        tasks.spawn(connections::serve(listener, app, connections, stop.clone()));
        Self { url, _tasks: tasks, stop }
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A product with two replicas.
struct Server {
    product: TestProduct,
    replicas: [Replica; 2],
    other: Product,
    redis: Option<RedisServer>,
}

impl Server {
    async fn start() -> Self {
        Self::over(TestProduct::new().await, None).await
    }

    /// With a Redis that both replicas have found.
    async fn with_redis(change: impl FnOnce(&mut Settings)) -> Self {
        let redis = RedisServer::start().await;
        let product = TestProduct::with(|settings| {
            settings.peers.redis_url = Some(redis.url().parse().unwrap());
            change(settings);
        });
        let server = Self::over(product.await, Some(redis)).await;
        server.redis_becomes(true).await;
        server
    }

    async fn over(product: TestProduct, redis: Option<RedisServer>) -> Self {
        let other = product.beside();
        let settings = product.settings.clone();
        let replicas = [
            Replica::start(&settings, &product.product, "one").await,
            Replica::start(&settings, &other, "two").await,
        ];
        Self { product, replicas, other, redis }
    }

    /// Waits until both replicas know that Redis answers, or does not.
    async fn redis_becomes(&self, up: bool) {
        for hot in [&self.product.product.hot, &self.other.hot] {
            tokio::time::timeout(LONG, hot.becomes(up)).await.unwrap();
        }
    }

    /// Lets time pass and asks again, until the answer is this one.
    async fn becomes(&self, expected: u16, what: &str, mut ask: impl AsyncFnMut() -> u16) {
        let asked = async {
            while ask().await != expected {
                self.product.db.clock.advance(TimeDelta::milliseconds(100));
            }
        };
        let asked = tokio::time::timeout(LONG, asked).await;
        asked.unwrap_or_else(|_| panic!("{what} is never answered with {expected}"));
    }
}

/// Somebody who sends a credential to any replica.
#[derive(Clone, Default)]
struct Browser {
    headers: header::HeaderMap,
}

impl Browser {
    fn bearer(token: &str) -> Self {
        let mut headers = header::HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        Self { headers }
    }

    async fn sign_in(replica: &Replica, email: &str, password: &str) -> Result<Self, StatusCode> {
        let body = json!({ "email": email, "password": password });
        let response = Self::default().send(replica, Method::POST, "/api/v1/auth/sign-in", body).await;
        if !response.status().is_success() {
            return Err(response.status());
        }
        let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        let cookies = cookies.iter().map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        let cookie = cookies.collect::<Vec<_>>().join("; ");
        let me: Value = response.json().await.unwrap();
        let mut headers = header::HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert("x-csrf-token", me["csrf_token"].as_str().unwrap().parse().unwrap());
        Ok(Self { headers })
    }

    async fn send(&self, replica: &Replica, method: Method, path: &str, body: Value) -> Response {
        let request = reqwest::Client::new().request(method, format!("{}{path}", replica.url));
        request.headers(self.headers.clone()).json(&body).send().await.unwrap()
    }

    async fn get(&self, replica: &Replica, path: &str) -> (StatusCode, Value) {
        let url = format!("{}{path}", replica.url);
        let response = reqwest::Client::new().get(url).headers(self.headers.clone()).send().await.unwrap();
        (response.status(), response.json().await.unwrap_or_default())
    }

    async fn status(&self, replica: &Replica) -> u16 {
        self.get(replica, "/api/v1/me").await.0.as_u16()
    }

    /// Opens the live stream; the answer resolves when it ends.
    async fn stream(&self, replica: &Replica) -> impl Future<Output = ()> + use<> {
        let url = format!("{}/api/v1/events", replica.url);
        let mut response =
            reqwest::Client::new().get(url).headers(self.headers.clone()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        async move { while matches!(response.chunk().await, Ok(Some(_))) {} }
    }
}

async fn ends(what: &str, stream: impl Future<Output = ()>) {
    tokio::time::timeout(LONG, stream).await.unwrap_or_else(|_| panic!("{what} does not end"));
}

/// Each promise is kept on PostgreSQL alone, and with a Redis beside it.
macro_rules! over_both {
    ($($promise:ident)+) => {
        mod on_postgresql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() { super::$promise(super::Server::start().await).await; })+
        }
        mod with_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() { super::$promise(super::Server::with_redis(|_| {}).await).await; })+
        }
    };
}

over_both! {
    who_is_removed_is_out_on_every_replica
    a_role_that_is_lost_is_lost_to_its_tokens_on_every_replica
    a_suspended_organization_is_shut_on_every_replica
    guesses_are_counted_over_all_replicas_and_lock_nobody_else_out
    who_signs_out_is_out_on_every_replica
}

async fn who_is_removed_is_out_on_every_replica(server: Server) {
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    server.product.person("acme", "boss@acme.example", PASSWORD).await;
    let boss = Browser::sign_in(one, "boss@acme.example", PASSWORD).await.unwrap();
    let jo = Browser::sign_in(two, "jo@acme.example", PASSWORD).await.unwrap();
    let made = json!({ "name": "mine", "role": "admin", "scopes": ["api"], "owner": "person" });
    let made = jo.send(two, Method::POST, "/api/v1/tokens", made).await;
    let token = Browser::bearer(made.json::<Value>().await.unwrap()["token"].as_str().unwrap());
    let mut streams = Vec::new();
    for replica in [one, two] {
        assert_eq!((jo.status(replica).await, token.status(replica).await), (200, 200));
        streams.push(jo.stream(replica).await);
        streams.push(token.stream(replica).await);
    }
    let (_, me) = jo.get(two, "/api/v1/me").await;
    let path = format!("/api/v1/members/{}", me["user"]["id"].as_str().unwrap());

    assert_eq!(boss.send(one, Method::DELETE, &path, json!({})).await.status(), 204);
    for stream in streams {
        ends("a stream of somebody who was removed", stream).await;
    }
    for replica in [one, two] {
        server.becomes(401, "the session", async || jo.status(replica).await).await;
        server.becomes(401, "the token", async || token.status(replica).await).await;
    }
    assert_eq!(Browser::sign_in(two, "jo@acme.example", PASSWORD).await.err(), Some(StatusCode::FORBIDDEN));
}

async fn a_role_that_is_lost_is_lost_to_its_tokens_on_every_replica(server: Server) {
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    server.product.person("acme", "boss@acme.example", PASSWORD).await;
    let boss = Browser::sign_in(one, "boss@acme.example", PASSWORD).await.unwrap();
    let jo = Browser::sign_in(two, "jo@acme.example", PASSWORD).await.unwrap();
    let token = async |body: Value| {
        let made: Value = jo.send(two, Method::POST, "/api/v1/tokens", body).await.json().await.unwrap();
        Browser::bearer(made["token"].as_str().unwrap_or_else(|| panic!("{made}")))
    };
    let own = token(json!({ "name": "mine", "role": "admin", "scopes": ["api"], "owner": "person" })).await;
    let intake = token(json!({ "name": "Alertmanager", "scopes": ["ingest"] })).await;
    let tokens = async |replica: &Replica| own.get(replica, "/api/v1/tokens").await.0.as_u16();
    assert_eq!((tokens(one).await, tokens(two).await), (200, 200));
    let stream = own.stream(two).await;
    let (_, me) = jo.get(two, "/api/v1/me").await;
    let path = format!("/api/v1/members/{}", me["user"]["id"].as_str().unwrap());

    let demoted = boss.send(one, Method::PATCH, &path, json!({ "role": "viewer" })).await;
    assert_eq!(demoted.status(), 200);
    ends("a stream with rights that are gone", stream).await;
    for replica in [one, two] {
        server.becomes(403, "what the token may not do any more", async || tokens(replica).await).await;
        assert_eq!(own.status(replica).await, 200, "what a viewer may do, the token still may");
        let alert = json!({ "title": "The disk is full" });
        let posted = intake.send(replica, Method::POST, "/hooks/generic", alert).await;
        assert_eq!(posted.status(), 202, "alerts go on: the organization owns that token");
    }
}

async fn a_suspended_organization_is_shut_on_every_replica(server: Server) {
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    let jo = Browser::sign_in(one, "jo@acme.example", PASSWORD).await.unwrap();
    let mut streams = Vec::new();
    for replica in [one, two] {
        assert_eq!(jo.status(replica).await, 200);
        streams.push(jo.stream(replica).await);
    }
    let mut tx = server.product.db.db.system("a test suspends an organization").await.unwrap();
    sqlx::query("update organizations set status = 'suspended'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    for stream in streams {
        ends("a stream of a suspended organization", stream).await;
    }
    for replica in [one, two] {
        server.becomes(403, "its members", async || jo.status(replica).await).await;
        let (_, problem) = jo.get(replica, "/api/v1/alerts").await;
        assert_eq!(problem["code"], "organization_suspended");
    }
}

async fn guesses_are_counted_over_all_replicas_and_lock_nobody_else_out(server: Server) {
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    // A browser that knows her: it has the cookie of an earlier sign-in.
    let device = Browser::sign_in(two, "jo@acme.example", PASSWORD).await.unwrap();
    let guess = async |replica: &Replica, email: &str| {
        Browser::sign_in(replica, email, "not the password").await.err().unwrap().as_u16()
    };
    for email in ["jo@acme.example", "nobody@acme.example"] {
        for number in 0..5 {
            let replica = if number % 2 == 0 { one } else { two };
            assert_eq!(guess(replica, email).await, 401, "{email} {number}");
        }
        for replica in [one, two] {
            assert_eq!(guess(replica, email).await, 429, "{email}: known or not, the same");
        }
    }
    let body = json!({ "email": "jo@acme.example", "password": PASSWORD });
    let known = device.send(one, Method::POST, "/api/v1/auth/sign-in", body.clone()).await;
    assert_eq!(known.status(), 200, "whoever guesses locks nobody else out");
    let unknown = Browser::default().send(two, Method::POST, "/api/v1/auth/sign-in", body).await;
    assert_eq!(unknown.status(), 429);
}

async fn who_signs_out_is_out_on_every_replica(server: Server) {
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    let jo = Browser::sign_in(one, "jo@acme.example", PASSWORD).await.unwrap();
    let elsewhere = Browser::sign_in(two, "jo@acme.example", PASSWORD).await.unwrap();
    for replica in [one, two] {
        assert_eq!((jo.status(replica).await, elsewhere.status(replica).await), (200, 200));
    }
    // Time stands still: what is out is so because somebody said so.
    assert_eq!(jo.send(one, Method::DELETE, "/api/v1/me/sessions", json!({})).await.status(), 204);
    assert_eq!(jo.send(one, Method::POST, "/api/v1/auth/sign-out", json!({})).await.status(), 204);
    for replica in [one, two] {
        assert_eq!((jo.status(replica).await, elsewhere.status(replica).await), (401, 401));
    }
}

/// How many of `asked` requests are let in, sent to both replicas in turn.
async fn let_in(server: &Server, caller: &Browser, asked: usize) -> usize {
    let mut passed = 0;
    for number in 0..asked {
        passed += usize::from(caller.status(&server.replicas[number % 2]).await == 200);
    }
    passed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_is_one_over_all_replicas_and_one_for_each_while_redis_is_away() {
    let mut server = Server::with_redis(|settings| settings.listen.rate_limit = 1).await;
    let member = async |role: &str| {
        let token = server.product.token("acme", role, None).await;
        Browser::bearer(&token)
    };
    let (first, second, third) = (member("admin").await, member("viewer").await, member("member").await);
    // A burst of ten, and what a slow test gives back.
    let passed = let_in(&server, &first, 40).await;
    assert!((10..20).contains(&passed), "{passed}");

    let mut redis = server.redis.take().unwrap();
    redis.kill().await;
    assert_eq!(let_in(&server, &second, 10).await, 10, "who is let in is let in without Redis");
    server.redis_becomes(false).await;
    let ready = reqwest::get(format!("{}/readyz", server.replicas[0].url)).await.unwrap();
    assert_eq!(
        (ready.status(), ready.text().await.unwrap()),
        (StatusCode::OK, "ready; Redis does not answer".into())
    );
    let passed = let_in(&server, &second, 40).await;
    assert!(passed >= 10, "each replica has a burst of ten: {passed}");
    redis.restart().await;
    server.redis_becomes(true).await;
    let passed = let_in(&server, &third, 40).await;
    assert!((10..20).contains(&passed), "{passed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_redis_made_up_opens_nothing() {
    let server = Server::with_redis(|_| {}).await;
    let [one, two] = &server.replicas;
    server.product.person("acme", "jo@acme.example", PASSWORD).await;
    let jo = Browser::sign_in(one, "jo@acme.example", PASSWORD).await.unwrap();
    let key = {
        let mut tx = server.product.db.db.system("a test looks for a session").await.unwrap();
        let hash: String = sqlx::query_scalar("select encode(id_hash, 'hex') from sessions")
            .fetch_one(tx.conn())
            .await
            .unwrap();
        format!("session:{hash}")
    };
    let hot = &server.other.hot;
    let kept = async {
        loop {
            assert_eq!(jo.status(two).await, 200);
            if let Some(kept) = hot.get(&key).await {
                return kept;
            }
        }
    };
    let mut forged = tokio::time::timeout(LONG, kept).await.expect("the session is kept at hand");
    let name = forged.windows(3).position(|bytes| bytes == b"jo@").unwrap();
    forged[name] = b'k';
    assert_eq!(jo.send(one, Method::POST, "/api/v1/auth/sign-out", json!({})).await.status(), 204);
    for value in [forged.as_slice(), b"{}", b""] {
        hot.put(&key, value, LONG).await;
        assert_eq!(jo.status(two).await, 401);
    }
}
