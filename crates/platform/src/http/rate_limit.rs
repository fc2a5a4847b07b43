//! A limit on how often one credential or address may call.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use kernel::{Code, Error};
use sha2::{Digest, Sha256};

use super::Problem;

/// Requests per second and credential, with a burst of ten seconds' worth. Counted in this process.
#[derive(Clone)]
pub struct RateLimit(Arc<DefaultKeyedRateLimiter<[u8; 32]>>);

impl RateLimit {
    /// None means no limit.
    pub fn per_second(rate: u32) -> Option<Self> {
        let burst = NonZeroU32::new(rate.saturating_mul(10))?;
        let quota = Quota::per_second(NonZeroU32::new(rate)?).allow_burst(burst);
        Some(Self(Arc::new(DefaultKeyedRateLimiter::keyed(quota))))
    }

    /// Forgets callers that were quiet long enough to have their full burst again.
    pub fn forget_quiet(&self) {
        self.0.retain_recent();
    }
}

/// Middleware: counts by credential, or by address when there is none.
pub async fn rate_limit(State(limit): State<RateLimit>, request: Request, next: Next) -> Response {
    let mut hash = Sha256::new();
    let headers = request.headers();
    let credentials = [header::AUTHORIZATION.as_str(), "x-api-key", header::COOKIE.as_str()];
    let credential = credentials.iter().find_map(|name| headers.get(*name));
    match credential {
        Some(credential) => hash.update(credential.as_bytes()),
        None => {
            let address = request.extensions().get::<axum::extract::ConnectInfo<std::net::SocketAddr>>();
            hash.update(address.map(|info| info.0.ip().to_string()).unwrap_or_default());
        }
    }
    match limit.0.check_key(&hash.finalize().into()) {
        Ok(()) => next.run(request).await,
        Err(denied) => {
            let wait = denied.wait_time_from(governor::clock::DefaultClock::default().now());
            let retry_after = wait.as_secs() + 1;
            let detail = format!("too many requests; try again in {retry_after} s");
            Problem(Error::Limited { code: Code("rate_limited"), detail, retry_after }).into_response()
        }
    }
}
