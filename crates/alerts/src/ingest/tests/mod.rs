//! Tests of ingest: what is read, what is decided, what is stored, what is answered.

mod batches;
mod formats;
mod hooks;
mod properties;
mod silence;

use axum::Router;
use serde_json::{Value, json};
use testkit::{TestClient, TestDb, TestOrg};

use crate::Deps;

/// Alertmanager's documented example, with as many alerts as given.
pub(crate) fn webhook(alerts: &[Value]) -> Value {
    json!({
        "version": "4",
        "groupKey": "{}:{alertname=\"InstanceDown\"}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "steward",
        "groupLabels": { "alertname": "InstanceDown" },
        "commonLabels": { "alertname": "InstanceDown", "severity": "critical" },
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
        "alerts": alerts,
    })
}

/// An alert of [`webhook`].
pub(crate) fn firing(instance: &str) -> Value {
    json!({
        "status": "firing",
        "labels": { "alertname": "InstanceDown", "instance": instance, "job": "node", "severity": "critical" },
        "annotations": { "summary": format!("Instance {instance} is down"), "description": "No scrape for 5 minutes." },
        "startsAt": "2026-11-21T11:58:00.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0",
        "fingerprint": format!("fp-{instance}"),
    })
}

pub(crate) fn resolved(instance: &str) -> Value {
    let mut alert = firing(instance);
    alert["status"] = "resolved".into();
    alert["endsAt"] = "2026-11-21T11:59:30Z".into();
    alert
}

pub(crate) fn router(db: &TestDb) -> Router {
    let deps = deps(db);
    {
        let domain = crate::domain(deps);
        domain.hooks.merge(domain.api).split_for_parts().0
    }
}

pub(crate) fn deps(db: &TestDb) -> Deps {
    let app = platform::App {
        db: db.db.clone(),
        clock: std::sync::Arc::new(db.clock.clone()),
        keyring: std::sync::Arc::new(
            platform::secrets::Keyring::new(&[platform::secrets::Keyring::generate()]).unwrap(),
        ),
        outbound: testkit::outbound(),
    };
    Deps::new(app)
}

pub(crate) fn client(db: &TestDb, org: &TestOrg) -> TestClient {
    TestClient::new(router(db), Some(org.caller()))
}

/// Posts alerts that are new to one group each; answers their ids.
pub(crate) async fn fire(client: &TestClient, titles: &[&str]) -> Vec<String> {
    let alerts: Vec<Value> =
        titles.iter().map(|title| json!({ "title": title, "fingerprint": title })).collect();
    let receipt = client.post("/hooks/generic", json!(alerts)).await.expect(202);
    receipt["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["id"].as_str().unwrap().to_owned())
        .collect()
}
