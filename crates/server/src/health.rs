//! Whether this process lives, whether it can work, and what it counts.

use std::time::Duration;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{
    db::{Db, Work},
    jobs::QUEUES,
};

#[derive(Clone)]
struct Health {
    db: Db,
    metrics: PrometheusHandle,
}

/// `/healthz`, `/readyz`, `/metrics`: for the machine that runs this, without credentials.
pub fn routes(db: Db, metrics: PrometheusHandle) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(scrape))
        .with_state(Health { db, metrics })
}

/// Ready means that the database answers within two seconds. One that is full is read from.
async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    let machine = health.db.working(Work::Machine).pool();
    let ping = sqlx::query("select 1").execute(&machine);
    let answers =
        health.db.is_there() && matches!(tokio::time::timeout(Duration::from_secs(2), ping).await, Ok(Ok(_)));
    match answers {
        true if health.db.disk_is_full() => (StatusCode::OK, "ready for reading only: the disk is full"),
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}

/// Prometheus' text format.
async fn scrape(State(health): State<Health>) -> String {
    let pool = health.db.pool();
    metrics::gauge!("steward_disk_full").set(f64::from(u8::from(health.db.disk_is_full())));
    metrics::gauge!("steward_database_up").set(f64::from(u8::from(health.db.is_there())));
    metrics::gauge!("steward_database_connections").set(f64::from(pool.size()));
    metrics::gauge!("steward_database_connections_idle").set(pool.num_idle() as f64);
    if let Ok(waiting) = waiting(&health.db.working(Work::Machine)).await {
        for (queue, jobs, oldest) in waiting {
            metrics::gauge!("steward_jobs_waiting", "queue" => queue.clone()).set(jobs as f64);
            metrics::gauge!("steward_jobs_oldest_seconds", "queue" => queue).set(oldest);
        }
    }
    health.metrics.run_upkeep();
    health.metrics.render()
}

async fn waiting(db: &Db) -> kernel::Result<Vec<(String, i64, f64)>> {
    // A queue without jobs is a row too: a gauge keeps what it was last told.
    let query = "select q.name, count(j.id),
            coalesce(greatest(0, extract(epoch from $1 - min(j.run_at))), 0)::double precision
        from unnest($2::text[]) as q (name) left join jobs j on j.queue = q.name and j.state = 'available'
        group by q.name";
    let now = db.clock().now();
    let mut tx = db.system("the queue's length is of the process").await?;
    Ok(sqlx::query_as(query).bind(now).bind(QUEUES.as_slice()).fetch_all(tx.conn()).await?)
}
