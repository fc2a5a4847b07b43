//! The hooks that monitoring systems call.

use axum::{Json, extract::State, http::StatusCode};
use kernel::Result;
use platform::routes;
use platform::{
    db::Scope,
    http::{Answer, CanIn, Permission, Query, RawJson, Routes},
};
use serde::Deserialize;

use super::{
    alertmanager,
    batcher::Request,
    generic,
    normalize::LONGEST_RECEIVER,
    reader::Reader,
    signal::{Parsed, Receipt},
};
use crate::{Deps, permissions::IngestWrite};

/// The largest body, in bytes: 2,000 alerts of 2.5 KB.
const LARGEST_BODY: usize = 5 << 20;

pub fn routes(deps: Deps) -> Routes {
    Routes::new()
        .routes(routes!(receive_alertmanager))
        .routes(routes!(receive_generic))
        .largest_body(LARGEST_BODY)
        .with_state(deps)
}

/// Whom the sender wants to be told.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Hook {
    /// The `receiver_im` of a receiver. One that does not exist loses nothing: the default receiver is told.
    receiver_im: Option<String>,
    /// The access token, for senders that can only be given an address. It is read by authentication; a header keeps
    /// it out of proxies' logs.
    #[serde(rename = "token")]
    _token: Option<String>,
}

/// Receive a webhook of Alertmanager or Grafana
///
/// The version 4 webhook of Prometheus' Alertmanager. The whole request is stored or none of it. The answer is sent
/// after the commit, so whatever was not answered with 202 should be sent again: the fingerprint makes that a repeat.
#[utoipa::path(post, path = "/hooks/alertmanager", operation_id = "receive_alertmanager", tag = "ingest", params(Hook),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 202, body = Receipt),
        (status = 503, description = "Too much waits to be stored; send it again")))]
async fn receive_alertmanager(
    State(deps): State<Deps>,
    caller: CanIn<IngestWrite>,
    Query(hook): Query<Hook>,
    RawJson(body): RawJson,
) -> Answer<(StatusCode, Json<Receipt>)> {
    store(&deps, &caller, Format { parse: alertmanager::parse, body: &body, hook: &hook }).await
}

/// Receive alerts of any system
///
/// One alert or an array of up to 1,000: `title` (required), `severity`, `source`, `type`, `description`, `status`
/// (`firing` or `resolved`), `fingerprint`, `group_key`, `labels`, `annotations`, `starts_at`, `ends_at`, `url`.
#[utoipa::path(post, path = "/hooks/generic", operation_id = "receive_generic", tag = "ingest", params(Hook),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 202, body = Receipt),
        (status = 503, description = "Too much waits to be stored; send it again")))]
async fn receive_generic(
    State(deps): State<Deps>,
    caller: CanIn<IngestWrite>,
    Query(hook): Query<Hook>,
    RawJson(body): RawJson,
) -> Answer<(StatusCode, Json<Receipt>)> {
    store(&deps, &caller, Format { parse: generic::parse, body: &body, hook: &hook }).await
}

struct Format<'a> {
    parse: fn(&[u8], Reader, Option<&str>) -> Result<Parsed>,
    body: &'a [u8],
    hook: &'a Hook,
}

async fn store(
    deps: &Deps,
    caller: &CanIn<IngestWrite>,
    format: Format<'_>,
) -> Answer<(StatusCode, Json<Receipt>)> {
    let started = tokio::time::Instant::now();
    let mut reader = Reader::new(deps.app.clock.now());
    let receiver = format.hook.receiver_im.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let receiver = receiver.filter(|name| {
        let fits = name.chars().count() <= LONGEST_RECEIVER && !name.contains('\0');
        if !fits {
            reader.warn("receiver_im", "is no name of a receiver; the default receiver is told instead");
        }
        fits
    });
    let Parsed { signals, warnings } = (format.parse)(format.body, reader, receiver)?;
    let scope = Scope { home: caller.home_of(IngestWrite::NAME)?, ..caller.scope() };
    let request = Request { scope, signals, bytes: format.body.len() };
    let entries = deps.ingest.submit(request).await?;
    let receipt = Receipt::new(entries, warnings);
    for entry in &receipt.alerts {
        metrics::counter!("steward_alerts_ingested_total", "outcome" => entry.outcome.as_str()).increment(1);
    }
    metrics::histogram!("steward_ingest_seconds").record(started.elapsed().as_secs_f64());
    Ok((StatusCode::ACCEPTED, Json(receipt)))
}
