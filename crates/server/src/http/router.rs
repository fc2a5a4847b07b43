//! Every route of the product, by area, on one screen.

use std::{path::Path, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
};
use kernel::Result;
use platform::{
    hot::Limit,
    http::{CallerLimit, Door, admit, idempotency, limit_callers, receive, refuse_when_full},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, classify::ServerErrorsFailureClass, compression::CompressionLayer,
    decompression::RequestDecompressionLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
    trace::TraceLayer,
};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    http::{
        api_document::{self, document},
        console, document_parts, event_catalogue,
        health::{self, Health},
    },
    process::{
        compose::{self, Product},
        settings::{SecretText, Settings},
    },
};

/// The largest body of an ordinary request; hooks take more.
const BODY: usize = 1 << 20;
/// A webhook with a thousand alerts has about a megabyte.
const HOOK_BODY: usize = 5 << 20;
/// How long a request may take; a tool that is tried out may take most of it.
const LONGEST: Duration = Duration::from_secs(150);

/// The whole application.
pub fn build(settings: &Settings, product: &Product) -> Result<Router> {
    let (api, api_document) = product.api.clone().split_for_parts();
    let (hooks, hooks_document) = product.hooks.clone().split_for_parts();
    let document = document(api_document, hooks_document, &product.events);
    let (listen, hot) = (&settings.listen, &product.hot);
    let api =
        api.layer(from_fn_with_state(product.app.clone(), idempotency)).layer(DefaultBodyLimit::max(BODY));
    let hooks = hooks.layer(DefaultBodyLimit::max(HOOK_BODY));
    let door = Door {
        authenticator: product.authenticator.clone(),
        trusted_proxies: listen.trusted_proxies.clone().into(),
        strangers: hot.limit("strangers", listen.stranger_rate_limit).map(Arc::new),
    };
    let inside = limited(unpacked(api), hot.limit("api", listen.rate_limit), "your limit of the API")
        .merge(limited(unpacked(hooks), hot.limit("hooks", listen.intake_rate_limit), "your limit of intake"))
        .layer(from_fn_with_state(door, admit));
    let health = Health::new(product);
    let signs_in_at = settings.supabase.sign_in_origin();
    let docs_policy = || fixed(header::CONTENT_SECURITY_POLICY, console::DOCS_POLICY);
    let docs =
        Router::from(SwaggerUi::new("/docs").config(Config::from("/openapi.json"))).layer(docs_policy());
    let app = inside
        .layer(from_fn_with_state(product.app.db.clone(), refuse_when_full))
        .merge(health::routes(health.clone()))
        .merge(health::guarded_metrics(health, listen.metrics_token.as_ref().map(SecretText::secret)))
        .merge(docs)
        .merge(console::routes(signs_in_at.as_deref())?)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LONGEST))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .merge(api_document::routes(&document)?.layer(docs_policy()))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        // What is no page needs nothing; pages say what they need.
        .layer(fixed(header::CONTENT_SECURITY_POLICY, console::NO_PAGE_POLICY))
        .layer(from_fn(count))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(failed));
    Ok(app)
}

/// Counts callers, if there is a limit.
fn limited(router: Router, limit: Option<Limit>, name: &'static str) -> Router {
    match limit.map(Arc::new) {
        Some(rate) => router.layer(from_fn_with_state(CallerLimit { rate, name }, limit_callers)),
        None => router,
    }
}

/// Reads bodies that come in time, and unpacks those that are packed; what they unfold to is counted by the limit inside.
fn unpacked(router: Router) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(receive))
            .layer(RequestDecompressionLayer::new())
            .map_request(|request: Request<_>| request.map(Body::new)),
    )
}

/// Logs what failed. Not each "not now" (503): the log says once that the database is away or its disk full, and every request
/// hears it for as long as that lasts.
fn failed(class: ServerErrorsFailureClass, latency: Duration, _: &tracing::Span) {
    match class {
        ServerErrorsFailureClass::StatusCode(StatusCode::SERVICE_UNAVAILABLE) => {}
        class => {
            tracing::error!(classification = %class, latency_ms = latency.as_millis(), "response failed")
        }
    }
}

/// The span of a request. Its path only: a query may hold a token.
fn span(request: &axum::extract::Request) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// Counts requests by route, never by path: a path may hold ids.
async fn count(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let route = request.extensions().get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "other".into());
    let method = known(request.method());
    let started = tokio::time::Instant::now();
    let response = next.run(request).await;
    if route.starts_with("/hooks/") {
        count_refused_intake(&response);
    }
    let status = response.status().as_u16().to_string();
    metrics::counter!("steward_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("steward_http_seconds", "route" => route).record(started.elapsed());
    response
}

/// Counts what monitoring sent and we did not take for no fault of the message: whoever watches us must hear of it.
fn count_refused_intake(response: &axum::response::Response) {
    if matches!(response.status().as_u16(), 401 | 403 | 429 | 503) {
        let code = response.extensions().get::<kernel::Code>().map_or("other", |code| code.0);
        metrics::counter!("steward_ingest_refused_total", "reason" => code).increment(1);
    }
}

/// A method as a label: strangers make up any number of others.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The OpenAPI document of everything under `/api` and `/hooks`.
pub fn openapi(product: &Product) -> OpenApi {
    document(product.api.clone().to_openapi(), product.hooks.clone().to_openapi(), &product.events)
}

/// `steward openapi`.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn print_openapi(events: bool, parts: Option<&Path>) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new().map_err(kernel::Error::internal)?;
    let product = runtime.block_on(async { compose::disconnected() })?;
    if events {
        print!("{}", event_catalogue::page(&product.events));
    } else if let Some(folder) = parts {
        document_parts::write(&openapi(&product), folder)?;
    } else {
        println!("{}", serde_json::to_string_pretty(&openapi(&product))?);
    }
    Ok(())
}
