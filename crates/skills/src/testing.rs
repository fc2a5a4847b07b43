//! What this crate's tests share.

use std::sync::Arc;

use axum::Router;
use futures::future::BoxFuture;
use llm::{Embedder, EmbeddingOptions};
use platform::{App, db::Db, http::Caller, secrets::Keyring};
use testkit::{TestClient, TestDb};

use crate::{
    Deps, Options,
    tools::sandbox::{self, Executable},
};

/// The built-in one.
pub fn embedder() -> Arc<dyn Embedder> {
    EmbeddingOptions::default().build(reqwest::Client::new()).unwrap()
}

pub fn deps(db: &Db) -> Deps {
    let app = App {
        db: db.clone(),
        clock: Arc::new(kernel::ManualClock::new(testkit::start_of_time())),
        keyring: Arc::new(Keyring::new(&[Keyring::generate()]).unwrap()),
        outbound: testkit::outbound(),
    };
    Deps::new(app, embedder(), options())
}

pub fn options() -> Options {
    Options { sandbox: sandbox_options(), ..Options::default() }
}

/// Sandboxes whose processes are this test binary.
pub fn sandbox_options() -> sandbox::Options {
    let executable = Executable::ignored_test("testing::a_process_of_the_sandbox");
    sandbox::Options { executable, ..sandbox::Options::default() }
}

/// Not a test: what sandboxes start.
#[test]
#[ignore = "started by sandboxes"]
fn a_process_of_the_sandbox() {
    sandbox::child::serve();
}

/// Every endpoint, called by one caller.
pub fn client(db: &TestDb, caller: Caller) -> TestClient {
    client_of(deps(&db.db), caller)
}

pub fn client_of(deps: Deps, caller: Caller) -> TestClient {
    let (router, _) = crate::domain(deps).api.split_for_parts();
    TestClient::new(Router::new().merge(router), Some(caller))
}

/// A model that does not answer.
pub struct Broken;

impl Embedder for Broken {
    fn model(&self) -> &str {
        "broken"
    }

    fn embed<'a>(&'a self, _: &'a [String]) -> BoxFuture<'a, kernel::Result<Vec<Vec<f32>>>> {
        Box::pin(async { Err(kernel::Error::unavailable("the model does not answer")) })
    }
}
