//! Whether this process lives, whether it can work, and what it counts.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{Error, Secret};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{
    db::{Db, Work},
    feed::{Relay, Status},
    files::Files,
    hot::Hot,
    http::Problem,
    jobs::{Cron, Waiting, cron::CronState, waiting},
};
use sqlx::Connection as _;
use subtle::ConstantTimeEq;
use tokio::{sync::Mutex, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::process::compose::Product;

/// The queue is looked at no more often, however often somebody asks.
const FRESH: Duration = Duration::from_secs(10);

/// Nor is the database asked more often whether it answers.
const READY: Duration = Duration::from_secs(1);

/// How often measured times are summed up.
const SUMMED_UP: Duration = Duration::from_secs(5);

/// Sums up what was measured, until `stop`: it must not pile up until somebody reads it.
pub async fn sum_up(metrics: PrometheusHandle, stop: CancellationToken) {
    while tokio::time::timeout(SUMMED_UP, stop.cancelled()).await.is_err() {
        metrics.run_upkeep();
    }
}

/// What is shown of this process.
#[derive(Clone)]
pub struct Health {
    db: Db,
    hot: Hot,
    files: Files,
    relay: Option<Relay>,
    metrics: PrometheusHandle,
    queues: Arc<BTreeSet<&'static str>>,
    cron: Cron,
    looked: Arc<Mutex<Option<Instant>>>,
    /// What the database last did when it was asked, and when.
    answered: Arc<Mutex<Option<(Instant, bool)>>>,
}

impl Health {
    pub fn new(product: &Product) -> Self {
        Self {
            db: product.app.db.clone(),
            hot: product.hot.clone(),
            files: product.files.clone(),
            relay: product.relay.clone(),
            metrics: product.metrics.clone(),
            queues: Arc::new(product.queues.clone()),
            cron: product.cron.clone(),
            looked: Arc::default(),
            answered: Arc::default(),
        }
    }

    /// Whether the database answers within two seconds. Any number of strangers who ask cost it one question a second.
    async fn answers(&self) -> bool {
        let mut answered = self.answered.lock().await;
        if let Some((_, answer)) = answered.filter(|(at, _)| at.elapsed() < READY) {
            return answer;
        }
        let machine = self.db.working(Work::Machine);
        let ping = async { machine.connection().await?.ping().await };
        let answer = matches!(tokio::time::timeout(Duration::from_secs(2), ping).await, Ok(Ok(())));
        *answered = Some((Instant::now(), answer));
        answer
    }

    /// Prometheus' text format.
    async fn metrics(&self) -> String {
        let connections = self.db.connections();
        metrics::gauge!("steward_disk_full").set(f64::from(u8::from(self.db.disk_is_full())));
        metrics::gauge!("steward_database_up").set(f64::from(u8::from(self.db.is_there())));
        if let Some(up) = self.hot.is_up() {
            metrics::gauge!("steward_redis_up").set(f64::from(u8::from(up)));
        }
        if let Some(up) = self.files.is_up() {
            metrics::gauge!("steward_files_up").set(f64::from(u8::from(up)));
        }
        if let Some(relay) = &self.relay {
            let away = relay.status() == Status::Away;
            metrics::gauge!("steward_nats_away").set(f64::from(u8::from(away)));
        }
        metrics::gauge!("steward_database_connections").set(connections.open as f64);
        metrics::gauge!("steward_database_connections_idle").set(connections.idle as f64);
        let mut looked = self.looked.lock().await;
        if looked.is_none_or(|at| at.elapsed() >= FRESH) {
            *looked = Some(Instant::now());
            match waiting(&self.db.working(Work::Machine), self.queues.iter().copied()).await {
                Ok(waiting) => show(&self.queues, &waiting),
                Err(error) => tracing::debug!(%error, "cannot look at the queue"),
            }
            match self.cron.states(&self.db).await {
                Ok(states) => show_tasks(&states),
                Err(error) => tracing::debug!(%error, "cannot look at the periodic tasks"),
            }
            if let Some(relay) = &self.relay {
                match relay.waiting().await {
                    Ok(events) => metrics::gauge!("steward_events_waiting").set(events as f64),
                    Err(error) => tracing::debug!(%error, "cannot look at what waits for NATS"),
                }
            }
        }
        drop(looked);
        self.metrics.render()
    }
}

/// A queue without jobs is told, too: a gauge keeps what it was last told.
fn show(queues: &BTreeSet<&'static str>, waiting: &[Waiting]) {
    for queue in queues.iter().copied() {
        let (jobs, oldest) = waiting
            .iter()
            .find(|found| found.queue == queue)
            .map_or((0, 0.0), |found| (found.jobs, found.oldest_seconds));
        metrics::gauge!("steward_jobs_waiting", "queue" => queue).set(jobs as f64);
        metrics::gauge!("steward_jobs_oldest_seconds", "queue" => queue).set(oldest);
    }
}

/// One that never succeeded has failures and no age.
fn show_tasks(states: &[CronState]) {
    for state in states {
        let task = state.name.clone();
        metrics::gauge!("steward_cron_failures", "task" => task.clone()).set(f64::from(state.failures));
        if let Some(age) = state.success_age_seconds {
            metrics::gauge!("steward_cron_last_success_age_seconds", "task" => task).set(age);
        }
    }
}

/// `/healthz` and `/readyz`, for whoever decides where requests go.
pub fn routes(health: Health) -> Router {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).with_state(health)
}

/// Beside these `/metrics`, without credentials: on an address of its own.
pub fn monitoring(health: Health) -> Router {
    let metrics = Router::new().route("/metrics", get(scrape)).with_state(health.clone());
    routes(health).merge(metrics)
}

/// `/metrics` among everything else, for whoever has the token; nothing is there when none was set.
pub fn guarded_metrics(health: Health, token: Option<Secret<String>>) -> Router {
    Router::new().route("/metrics", get(scrape_with_token)).with_state((health, token.map(Arc::new)))
}

/// Ready means that the database answers. One that is full is read from; without Redis all goes on, and so it does without files, but for what
/// needs one, and without NATS.
async fn ready(State(health): State<Health>) -> (StatusCode, String) {
    if !(health.db.is_there() && health.answers().await) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer".into());
    }
    let away = health.relay.as_ref().is_some_and(|relay| relay.status() == Status::Away);
    let said = said(&[
        (health.db.disk_is_full(), " for reading only: the disk is full"),
        (health.hot.is_up() == Some(false), "; Redis does not answer"),
        (health.files.is_up() == Some(false), "; files cannot be kept"),
        (away, "; NATS does not take events"),
    ]);
    (StatusCode::OK, said)
}

/// All that is so.
fn said(troubles: &[(bool, &str)]) -> String {
    let there = troubles.iter().filter(|(there, _)| *there).map(|(_, what)| *what);
    std::iter::once("ready").chain(there).collect()
}

async fn scrape(State(health): State<Health>) -> String {
    health.metrics().await
}

async fn scrape_with_token(
    State((health, token)): State<(Health, Option<Arc<Secret<String>>>)>,
    headers: HeaderMap,
) -> Response {
    let Some(token) = token else {
        return Problem(Error::NotFound("endpoint")).into_response();
    };
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    // The new one and the one before it; a bearer token holds no comma (RFC 6750 section 2.1).
    let fits = sent.is_some_and(|(_, sent)| {
        let mut known = token.expose().split(',').map(str::trim).filter(|known| !known.is_empty());
        known.any(|known| bool::from(sent.trim().as_bytes().ct_eq(known.as_bytes())))
    });
    if !fits {
        let detail = "send the token of --metrics-token as `Authorization: Bearer …`";
        return Problem(Error::unauthenticated("unauthenticated", detail)).into_response();
    }
    health.metrics().await.into_response()
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn all_that_is_wrong_is_named() {
        assert_eq!(said(&[(false, "; one"), (false, "; two")]), "ready");
        assert_eq!(said(&[(true, "; one"), (false, "; two"), (true, "; three")]), "ready; one; three");
    }
}
