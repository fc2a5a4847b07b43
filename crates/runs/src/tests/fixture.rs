//! An organization with skills and tools, and something real for the tools to call.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{Page, PageQuery};
use llm::{ChatModel, EmbeddingOptions, Provider};
use platform::{
    App,
    jobs::{JobContext, Outcome, Registry, run_due},
    secrets::Keyring,
};
use serde_json::{Value, json};
use skills::{
    SkillId, bindings,
    skills::SkillInput,
    tools::{
        self,
        sandbox::{self, Executable},
    },
};
use testkit::{TestClient, TestDb, TestOrg, scripted_llm::ScriptedLlm};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use uuid::Uuid;

use super::super::{EXECUTE_RUN, ExecuteRun, NewRun, execute_run, start};
use crate::{Deps, Options, RunId};

/// Two tools, a guard, and three rules.
pub const CRASH_LOOP: &str = r#"# A pod restarts again and again

1. **Count the restarts.**
   - run: `restarts(pod=labels.pod)` as `restarts`
   - expect: `restarts.value > 3`
2. **Look at the last deploy.**
   - when: `restarts.value > 3`
   - run: `deploys(service=labels.app)` as `deploys`

## Verdict

- real if `restarts.value > 3 and deploys.age_minutes < 60`: "{{ labels.pod }} crash-loops since {{ deploys.version }}"
  - cause: "Deploy {{ deploys.version }}"
  - because: "it restarted {{ restarts.value }} times" [restarts]
  - because: "the alert says: {{ title }}" [alert]
  - do: "Roll back {{ labels.app }}"
- false positive if `restarts.value <= 3`: "{{ labels.pod }} is stable"
"#;

/// What tools call: a server on loopback that counts.
pub struct Target {
    pub address: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

struct Shared {
    answers: Mutex<BTreeMap<String, (u16, Value)>>,
    hits: Mutex<BTreeMap<String, usize>>,
    /// The path whose answers wait, if one does.
    held: watch::Sender<Option<String>>,
}

impl Target {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared {
            answers: Mutex::default(),
            hits: Mutex::default(),
            held: watch::Sender::new(None),
        });
        let router = Router::new().route("/{path}", get(answer)).with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, shared, server }
    }

    pub fn answers(&self, path: &str, status: u16, body: Value) {
        self.shared.answers.lock().unwrap().insert(path.into(), (status, body));
    }

    /// How often a path was called.
    pub fn hits(&self, path: &str) -> usize {
        self.shared.hits.lock().unwrap().get(path).copied().unwrap_or_default()
    }

    /// Keeps callers of a path waiting until [`Target::release`].
    pub fn hold(&self, path: &str) {
        self.shared.held.send_replace(Some(path.into()));
    }

    pub fn release(&self) {
        self.shared.held.send_replace(None);
    }

    /// Waits until a path was called this often.
    pub async fn called(&self, path: &str, times: usize) {
        while self.hits(path) < times {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        self.release();
        self.server.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, Path(path): Path<String>) -> Response {
    *shared.hits.lock().unwrap().entry(path.clone()).or_default() += 1;
    let mut held = shared.held.subscribe();
    held.wait_for(|held| held.as_ref() != Some(&path)).await.unwrap();
    let known = shared.answers.lock().unwrap().get(&path).cloned();
    let (status, body) = known.unwrap_or((404, json!("nothing here")));
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

/// Not a test: what the sandbox starts.
#[test]
#[ignore = "started by the sandbox"]
fn a_process_of_the_sandbox() {
    sandbox::child::serve();
}

pub struct Fixture {
    pub db: TestDb,
    pub org: TestOrg,
    pub deps: Deps,
    pub target: Target,
}

impl Fixture {
    /// No model is configured.
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let org = db.org("acme").await;
        let target = Target::start().await;
        let app = App {
            db: db.db.clone(),
            clock: Arc::new(db.clock.clone()),
            keyring: Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()),
            outbound: testkit::outbound(),
        };
        let embedder = EmbeddingOptions::default().build(reqwest::Client::new()).unwrap();
        let executable = Executable::ignored_test("tests::fixture::a_process_of_the_sandbox");
        let sandbox = sandbox::Options { executable, ..sandbox::Options::default() };
        let skills = skills::Options { sandbox, ..skills::Options::default() };
        let skills = skills::Deps::new(app.clone(), embedder, skills);
        let deps = Deps { app, skills, model: None, options: Options::default() };
        let fixture = Self { db, org, deps, target };
        fixture.tool("restarts").await;
        fixture.tool("deploys").await;
        fixture.target.answers("restarts", 200, json!({ "value": 7 }));
        fixture.target.answers("deploys", 200, json!({ "version": "v2.3", "age_minutes": 12 }));
        fixture
    }

    /// With the model that this provider speaks for.
    pub async fn with_model(llm: &ScriptedLlm) -> Self {
        let mut fixture = Self::new().await;
        fixture.deps.model = Some(model(llm));
        fixture
    }

    /// A tool that asks the target for the path of its own name.
    async fn tool(&self, name: &str) {
        let code = format!(
            "export default async function (input) {{
                const response = await fetch('http://{}/{name}');
                if (!response.ok) throw new Error('HTTP ' + response.status);
                return await response.json();
            }}",
            self.target.address
        );
        let input = json!({
            "name": name,
            "description": format!("asks for {name}"),
            "type": "custom_code",
            "config": { "code": code, "allowed_hosts": [self.target.address] },
        });
        let input = serde_json::from_value(input).unwrap();
        tools::create(&self.deps.skills, &self.org.caller(), input).await.unwrap();
    }

    /// A skill that is bound to alerts whose title says `crash-loops`.
    pub async fn skill(&self, sop: &str) -> SkillId {
        let input = SkillInput::new("Pod crash loop", "a pod restarts again and again", sop);
        let caller = self.org.caller();
        let skill_id = skills::skills::create(&self.deps.skills, &caller, input).await.unwrap();
        let binding = bindings::NewBinding { alert_pattern: "crash-loops".into(), skill_id, priority: 1 };
        bindings::create(&self.deps.skills, caller.scope(), binding).await.unwrap();
        skill_id
    }

    /// Starts a run that nobody works on yet.
    pub async fn start(&self, new: NewRun) -> RunId {
        let mut tx = self.org.tx().await;
        let id = start(&mut tx, &self.deps.app.keyring, new).await.unwrap().expect("a subject that is there");
        tx.commit().await.unwrap();
        id
    }

    pub fn registry(&self) -> Registry {
        crate::domain(self.deps.clone()).jobs
    }

    pub async fn work(&self) {
        run_due(&self.db.db, &self.registry()).await.unwrap();
    }

    /// Starts a run and works on it; answers it as the API shows it.
    pub async fn run(&self, new: NewRun) -> Value {
        let id = self.start(new).await;
        self.work().await;
        self.shown(id).await
    }

    pub async fn shown(&self, id: RunId) -> Value {
        self.client().get(&format!("/api/v1/runs/{id}")).await.expect(200)
    }

    /// A page of the runs of a subject.
    pub async fn runs_of(&self, subject: uuid::Uuid, page: &PageQuery) -> Page<crate::RunView> {
        let keyring = &self.deps.app.keyring;
        crate::list(&mut self.org.tx().await, keyring, ("issue", subject), page).await.unwrap()
    }

    pub fn client(&self) -> TestClient {
        client_of(&self.deps, &self.org)
    }

    /// Claims the run's job and gives it away again, as if the worker had stopped; answers the claim.
    pub async fn claim(&self) -> JobContext {
        self.lose_leases().await;
        let claimed = Arc::new(Mutex::new(None));
        let mut registry = Registry::default();
        let keep = claimed.clone();
        registry.add(EXECUTE_RUN, move |_: ExecuteRun, context: JobContext| {
            keep.lock().unwrap().replace(context);
            async { Ok(Outcome::Snooze(std::time::Duration::from_secs(3600))) }
        });
        run_due(&self.db.db, &registry).await.unwrap();
        claimed.lock().unwrap().take().expect("a job was due")
    }

    /// What the queue does when workers stop without a word, and at once.
    pub async fn lose_leases(&self) {
        self.sql(
            "update jobs set state = 'available', lease_until = null, worker = null, run_at = created_at, rank = created_at",
        )
        .await;
    }

    pub async fn sql(&self, statement: &'static str) {
        let mut tx = self.db.db.system("a test changes rows").await.unwrap();
        sqlx::query(statement).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The payloads of the events of a kind, oldest first.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        let mut tx = self.db.db.system("a test reads events").await.unwrap();
        let query = "select payload from event_log where kind = $1 order by id";
        sqlx::query_scalar(query).bind(kind).fetch_all(tx.conn()).await.unwrap()
    }
}

pub fn client_of(deps: &Deps, org: &TestOrg) -> TestClient {
    let (router, _) = crate::domain(deps.clone()).api.split_for_parts();
    TestClient::new(router, Some(org.caller()))
}

/// A registry in which the job's worker is told to stop before it begins, this many times.
pub fn stopping(deps: &Deps, times: usize) -> Registry {
    let (deps, left) = (deps.clone(), Arc::new(Mutex::new(times)));
    let mut registry = Registry::default();
    registry.add(EXECUTE_RUN, move |args: ExecuteRun, context: JobContext| {
        let mut left = left.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            context.cancelled.cancel();
        }
        execute_run(deps.clone(), args, context)
    });
    registry
}

pub fn model(llm: &ScriptedLlm) -> Arc<dyn ChatModel> {
    let options = llm::Options {
        provider: Provider::OpenAi,
        base_url: llm.openai_url().parse().ok(),
        model: Some("scripted-1".into()),
        price_in_per_mtok: 10.0,
        price_out_per_mtok: 10.0,
        ..llm::Options::default()
    };
    options.build(reqwest::Client::new()).unwrap().unwrap()
}

/// An issue with one alert.
pub fn new_run() -> NewRun {
    let issue = Uuid::from_u128(0x0155_0e00);
    NewRun {
        subject_type: "issue".into(),
        subject_id: issue,
        node_id: None,
        input: json!({
            "issue_id": issue,
            "title": "Pod api-7 crash-loops",
            "severity": "critical",
            "alerts": [{
                "id": Uuid::from_u128(0xa1e7),
                "title": "Pod api-7 crash-loops",
                "severity": "critical",
                "source": "prometheus",
                "alert_type": "KubePodCrashLooping",
                "description": null,
                "labels": { "pod": "api-7", "app": "api" },
                "annotations": {},
                "starts_at": "2026-11-21T11:58:00Z",
                "occurrences": 1,
            }],
        }),
        requested_by: None,
        skill_id: None,
    }
}

/// The kinds of a run's steps, in their order; numbers must have no gap.
#[track_caller]
pub fn kinds(run: &Value) -> Vec<&str> {
    let steps = run["steps"].as_array().unwrap();
    for (index, step) in steps.iter().enumerate() {
        assert_eq!(step["seq"], index + 1, "{run:#}");
    }
    steps.iter().map(|step| step["kind"].as_str().unwrap()).collect()
}
