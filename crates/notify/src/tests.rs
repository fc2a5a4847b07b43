//! What the tests of this crate share: an organization with receivers, and a platform that is a fake.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use kernel::EventId;
use messengers::email;
use platform::{
    App,
    jobs::{Queue, Registry, Worker, run_due},
    secrets::Keyring,
};
use serde_json::{Value, json};
use testkit::{
    TestClient, TestDb, TestOrg,
    mail::{MailServer, Setup},
};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::{
    Deps, Options, ReceiverId,
    card::{Card, State, Urgency},
    deliveries::{Announced, Announcement, announce},
};

pub(crate) struct World {
    pub db: TestDb,
    pub org: TestOrg,
    pub deps: Deps,
    pub server: MockServer,
    registry: Registry,
    seen: AtomicUsize,
}

/// A request that the fake got.
#[derive(Debug)]
pub(crate) struct Got {
    pub line: String,
    pub authorization: Option<String>,
    pub body: Value,
}

impl World {
    pub async fn new() -> Self {
        Self::with(None).await
    }

    /// One whose server sends mail, and where that goes.
    pub async fn mailing() -> (Self, MailServer) {
        let server = MailServer::start(Setup::default()).await;
        let from = email::Server::from_url(&server.url()).unwrap();
        let client = email::Client::new(from, email::Egress::Trusted).unwrap();
        let sender = "Steward <steward@steward.example>".parse().unwrap();
        (Self::with(Some(email::Sending { client, sender })).await, server)
    }

    async fn with(mail: Option<email::Sending>) -> Self {
        let db = TestDb::new().await;
        let org = db.org("acme").await;
        let server = MockServer::start().await;
        let app = App {
            db: db.db.clone(),
            clock: Arc::new(db.clock.clone()),
            keyring: Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()),
            outbound: testkit::outbound(),
        };
        let options = Options {
            public_url: "https://steward.example/".parse().unwrap(),
            slack_api_url: format!("{}/api", server.uri()).parse().unwrap(),
            lark_api_url: format!("{}/open-apis", server.uri()).parse().unwrap(),
            mail,
        };
        let deps = Deps::new(app, options).unwrap();
        let registry = crate::domain(deps.clone()).jobs;
        Self { db, org, deps, server, registry, seen: AtomicUsize::new(0) }
    }

    pub fn client(&self) -> TestClient {
        self.client_of(&self.org)
    }

    pub fn client_of(&self, org: &TestOrg) -> TestClient {
        TestClient::new(self.router(), Some(org.caller()))
    }

    pub fn router(&self) -> Router {
        Router::from(crate::domain(self.deps.clone()).api)
    }

    /// Creates a receiver over the API.
    pub async fn receiver(&self, name: &str, fields: Value) -> ReceiverId {
        let mut body = json!({ "name": name, "receiver_im": name });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let created = self.client().post("/api/v1/receivers", body).await.expect(201);
        created["id"].as_str().unwrap().parse().unwrap()
    }

    pub async fn slack_bot(&self, name: &str) -> ReceiverId {
        let fields = json!({ "im_type": "slack", "transport": "bot", "destination_id": format!("C-{name}"), "bot_token": format!("xoxb-{name}-canary") });
        self.receiver(name, fields).await
    }

    pub async fn slack_webhook(&self, name: &str) -> ReceiverId {
        let url = format!("{}/services/T0/B0/{name}-canary", self.server.uri());
        self.receiver(name, json!({ "im_type": "slack", "transport": "webhook", "webhook_url": url })).await
    }

    pub async fn lark_app(&self, name: &str) -> ReceiverId {
        let fields = json!({ "im_type": "lark", "transport": "bot", "destination_id": "oc_1", "app_id": "cli_1", "app_secret": "app-secret-canary" });
        self.receiver(name, fields).await
    }

    pub async fn lark_webhook(&self, name: &str) -> ReceiverId {
        let url = format!("{}/open-apis/bot/v2/hook/{name}-canary", self.server.uri());
        let fields = json!({ "im_type": "lark", "transport": "webhook", "webhook_url": url, "signing_secret": "signing-canary" });
        self.receiver(name, fields).await
    }

    /// The fake answers like this from now on.
    pub async fn answers(&self, to: &str, status: u16, body: Value) {
        self.mock(to).respond_with(response(status, body)).with_priority(5).mount(&self.server).await;
    }

    /// The fake answers like this once, before anything else.
    pub async fn answers_once(&self, to: &str, response: ResponseTemplate) {
        self.mock(to).respond_with(response).up_to_n_times(1).with_priority(1).mount(&self.server).await;
    }

    pub fn mock(&self, to: &str) -> wiremock::MockBuilder {
        let (verb, place) = to.split_once(' ').unwrap();
        Mock::given(method(verb)).and(path(place))
    }

    pub async fn slack_works(&self) {
        let posted = json!({ "ok": true, "channel": "C1", "ts": "1.5" });
        self.answers("POST /api/chat.postMessage", 200, posted.clone()).await;
        self.answers("POST /api/chat.update", 200, posted).await;
    }

    pub async fn lark_app_works(&self) {
        let token = json!({ "code": 0, "msg": "ok", "tenant_access_token": "t-canary", "expire": 7200 });
        self.answers("POST /open-apis/auth/v3/tenant_access_token/internal", 200, token).await;
        let posted = json!({ "code": 0, "msg": "success", "data": { "message_id": "om_1" } });
        self.answers("POST /open-apis/im/v1/messages", 200, posted).await;
        self.answers("PATCH /open-apis/im/v1/messages/om_1", 200, json!({ "code": 0, "msg": "success" }))
            .await;
    }

    /// Announces a state as a reaction does; each call is an event of its own.
    pub async fn announce(&self, subject: Uuid, names: &[&str], state: State) -> Announced {
        let event_id = EventId::new(self.db.db.clock().now());
        self.announce_event(event_id, subject, names, state).await
    }

    pub async fn announce_event(
        &self,
        event_id: EventId,
        subject: Uuid,
        names: &[&str],
        state: State,
    ) -> Announced {
        self.announce_as(event_id, subject, names, card(state)).await
    }

    pub async fn announce_card(&self, subject: Uuid, names: &[&str], card: Card) -> Announced {
        self.announce_as(EventId::new(self.db.db.clock().now()), subject, names, card).await
    }

    async fn announce_as(&self, event_id: EventId, subject: Uuid, names: &[&str], card: Card) -> Announced {
        let mut tx = self.org.tx().await;
        let news = Announcement {
            subject_type: "issue",
            subject_id: subject,
            node_id: None,
            receivers: names.iter().map(|name| (*name).to_owned()).collect(),
            event_id,
            card,
        };
        let announced = announce(&mut tx, news).await.unwrap();
        tx.commit().await.unwrap();
        announced
    }

    /// Runs the jobs that are due; answers how many ran.
    pub async fn deliver(&self) -> usize {
        run_due(&self.db.db, &self.registry).await.unwrap()
    }

    /// A worker as a server has it.
    pub fn worker(&self) -> Worker {
        let options = platform::jobs::Options {
            worker: "test".into(),
            queues: vec![Queue { name: "notify", slots: 4, ahead: 0 }],
            lease: Duration::from_secs(60),
            poll: Duration::from_millis(20),
            grace: Duration::ZERO,
        };
        Worker::new(self.db.db.clone(), self.registry.clone(), options)
    }

    /// What the fake got since the last call, oldest first.
    pub async fn got(&self) -> Vec<Got> {
        let requests = self.server.received_requests().await.unwrap();
        let new = requests.len() - self.seen.swap(requests.len(), Ordering::SeqCst);
        requests
            .into_iter()
            .rev()
            .take(new)
            .rev()
            .map(|request| Got {
                line: match request.url.query() {
                    Some(query) => format!("{} {}?{query}", request.method, request.url.path()),
                    None => format!("{} {}", request.method, request.url.path()),
                },
                authorization: request
                    .headers
                    .get("authorization")
                    .map(|value| value.to_str().unwrap().to_owned()),
                body: serde_json::from_slice(&request.body).unwrap(),
            })
            .collect()
    }

    /// The log of a receiver, newest first.
    pub async fn log(&self, receiver: ReceiverId) -> Vec<Value> {
        let log = self.client().get(&format!("/api/v1/receivers/{receiver}/deliveries")).await.expect(200);
        log["items"].as_array().unwrap().clone()
    }

    pub async fn show(&self, receiver: ReceiverId) -> Value {
        self.client().get(&format!("/api/v1/receivers/{receiver}")).await.expect(200)
    }

    /// The kinds of the events so far, oldest first, of those that start with a prefix.
    pub async fn events(&self, prefix: &str) -> Vec<String> {
        let mut tx = self.db.db.system("a test reads events").await.unwrap();
        let query = "select kind from event_log where org_id = $1 and starts_with(kind, $2) order by id";
        sqlx::query_scalar(query).bind(self.org.id).bind(prefix).fetch_all(tx.conn()).await.unwrap()
    }

    pub async fn execute(&self, statement: &'static str) {
        let mut tx = self.db.db.system("a test plays fate").await.unwrap();
        sqlx::raw_sql(statement).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) fn response(status: u16, body: Value) -> ResponseTemplate {
    match body {
        Value::String(text) => ResponseTemplate::new(status).set_body_string(text),
        json => ResponseTemplate::new(status).set_body_json(json),
    }
}

pub(crate) fn lines(got: &[Got]) -> Vec<&str> {
    got.iter().map(|got| got.line.as_str()).collect()
}

pub(crate) fn card(state: State) -> Card {
    let concluded = !matches!(state, State::Opened | State::Analyzing);
    Card {
        title: "Pod web-1 crash-loops".into(),
        severity: Urgency::Critical,
        state,
        summary: concluded.then(|| "The last deploy removed a variable.".into()),
        cause: concluded.then(|| "DATABASE_URL is not set".into()),
        is_real_issue: concluded.then_some(true),
        alert_count: 3,
        link: "https://steward.example/issues/1".into(),
        actions: if concluded { vec!["Roll back to v41".into()] } else { Vec::new() },
        at: testkit::start_of_time(),
        note: None,
    }
}
