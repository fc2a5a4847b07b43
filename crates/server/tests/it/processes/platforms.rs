//! Slack and Lark as a server on loopback: they answer, and remember what they were told.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{patch, post},
};
use serde_json::{Value, json};

#[derive(Clone, Default)]
struct Told {
    slack: Arc<Mutex<Vec<Value>>>,
    lark: Arc<Mutex<Vec<Value>>>,
}

pub struct Platforms {
    pub address: String,
    told: Told,
}

impl Platforms {
    pub async fn start() -> Self {
        let told = Told::default();
        let router = Router::new()
            .route("/slack/{method}", post(slack))
            .route("/lark/auth/v3/tenant_access_token/internal", post(token))
            .route("/lark/im/v1/messages", post(lark_post))
            .route("/lark/im/v1/messages/{id}", patch(lark_edit))
            .with_state(told.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, told }
    }

    /// Every message and edit that Slack was sent.
    pub fn slack(&self) -> Vec<Value> {
        self.told.slack.lock().unwrap().clone()
    }

    /// Every message that Lark shows: one that comes with a known `uuid` is the same message.
    pub fn lark(&self) -> Vec<Value> {
        self.told.lark.lock().unwrap().clone()
    }
}

async fn slack(State(told): State<Told>, Path(_): Path<String>, Json(body): Json<Value>) -> Json<Value> {
    let mut messages = told.slack.lock().unwrap();
    messages.push(body.clone());
    let ts = body["ts"].as_str().map_or_else(|| format!("{}.000100", messages.len()), ToOwned::to_owned);
    Json(json!({ "ok": true, "channel": body["channel"], "ts": ts }))
}

async fn token() -> Json<Value> {
    Json(json!({ "code": 0, "msg": "ok", "tenant_access_token": "t-test", "expire": 7200 }))
}

async fn lark_post(State(told): State<Told>, Json(body): Json<Value>) -> Json<Value> {
    let mut messages = told.lark.lock().unwrap();
    let known = messages.iter().position(|message| message["uuid"] == body["uuid"]);
    let number = known.unwrap_or_else(|| {
        messages.push(body);
        messages.len() - 1
    });
    Json(json!({ "code": 0, "msg": "success", "data": { "message_id": format!("om_{number}") } }))
}

async fn lark_edit(Path(_): Path<String>) -> Json<Value> {
    Json(json!({ "code": 0, "msg": "success", "data": {} }))
}
