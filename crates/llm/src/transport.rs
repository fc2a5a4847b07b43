//! One JSON call over HTTP, with the failures of providers told apart and the harmless ones repeated.

use std::time::Duration;

use chrono::DateTime;
use kernel::{Error, Redactor, Result, Secret};
use reqwest::{
    Client, Response, StatusCode,
    header::{AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use serde_json::Value;
use url::Url;

use crate::{LlmError, Retry};

/// More than any reply or batch of embeddings; a body without end must not fill the memory.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;
const MAX_DETAIL_CHARS: usize = 300;

/// How a provider wants to be shown the key.
pub(crate) enum Auth<'a> {
    None,
    /// `authorization: Bearer`, RFC 6750.
    Bearer(&'a Secret<String>),
    /// `x-api-key`, with the version of the API that this crate speaks.
    Anthropic(&'a Secret<String>),
}

impl<'a> Auth<'a> {
    pub(crate) fn bearer(key: Option<&'a Secret<String>>) -> Self {
        key.map_or(Self::None, Self::Bearer)
    }
}

/// One operation of a provider.
pub(crate) struct Endpoint {
    client: Client,
    url: Url,
    headers: HeaderMap,
    /// Of the key.
    redactor: Redactor,
    /// The group of settings that an error points to: `llm` or `embeddings`.
    section: &'static str,
    timeout: Duration,
    retry: Retry,
}

impl Endpoint {
    pub(crate) fn new(client: Client, section: &'static str, url: &Url, auth: Auth<'_>) -> Result<Self> {
        let mut headers = HeaderMap::new();
        let key = match auth {
            Auth::None => None,
            Auth::Bearer(key) => {
                headers.insert(AUTHORIZATION, key_header(&format!("Bearer {}", key.expose()), section)?);
                Some(key)
            }
            Auth::Anthropic(key) => {
                headers.insert(HeaderName::from_static("x-api-key"), key_header(key.expose(), section)?);
                let version = HeaderName::from_static("anthropic-version");
                headers.insert(version, HeaderValue::from_static("2023-06-01"));
                Some(key)
            }
        };
        let (timeout, retry) = (Duration::from_secs(60), Retry::default());
        let redactor = Redactor::new(key);
        Ok(Self { client, url: url.clone(), headers, redactor, section, timeout, retry })
    }

    pub(crate) fn patient(self, timeout: Duration, retry: Retry) -> Self {
        Self { timeout, retry, ..self }
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Posts a body and gives the JSON of the answer.
    pub(crate) async fn post(&self, body: &Value) -> Result<Value, LlmError> {
        let mut failed = 0;
        loop {
            let error = match self.attempt(body).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            let Some(pause) = self.retry.pause(failed, &error, rand::random()) else { return Err(error) };
            tracing::debug!(error = %error, failed, ?pause, "the model did not answer; calling again");
            tokio::time::sleep(pause).await;
        }
    }

    /// An error for an answer that is valid HTTP and not what the operation should give.
    pub(crate) fn unreadable(&self, what: &str) -> LlmError {
        let section = self.section;
        LlmError::Interrupted { detail: format!("the answer is not {what} (check --{section}-base-url)") }
    }

    async fn attempt(&self, body: &Value) -> Result<Value, LlmError> {
        let request = self.client.post(self.url.clone()).headers(self.headers.clone()).timeout(self.timeout);
        let response = request.json(body).send().await.map_err(|error| self.not_reached(error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(response).await;
        if status.is_success() {
            return serde_json::from_slice(&body?).map_err(|_| self.unreadable("JSON"));
        }
        Err(self.refusal(status, &headers, &body.unwrap_or_default()))
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, LlmError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.not_reached(error))? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(self.unreadable("of a size that can be read"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// A connection that was never made cost nothing. Of any other broken call nobody knows.
    fn not_reached(&self, error: reqwest::Error) -> LlmError {
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        let (section, host) = (self.section, self.host());
        if error.is_connect() {
            let detail = format!("{host} cannot be reached: {cause} (check --{section}-base-url)");
            LlmError::Unavailable { detail, retry_after: None }
        } else if error.is_timeout() {
            let seconds = self.timeout.as_secs_f32();
            LlmError::Interrupted { detail: format!("{host} gave no answer within {seconds} s") }
        } else {
            LlmError::Interrupted { detail: format!("the connection to {host} broke: {cause}") }
        }
    }

    fn refusal(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> LlmError {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let said = self.said(&body);
        let section = self.section;
        let out_of_quota = body.pointer("/error/code").is_some_and(|code| code == "insufficient_quota");
        let hint = match status.as_u16() {
            429 if out_of_quota => format!("the quota of --{section}-api-key is used up"),
            408 | 425 | 429 | 500.. => {
                let detail = format!("the provider answered {status}{said}");
                return LlmError::Unavailable { detail, retry_after: retry_after(headers) };
            }
            401 => format!("check --{section}-api-key"),
            403 => format!("--{section}-api-key may not use --{section}-model"),
            300..=399 | 404 | 405 => format!("check --{section}-model and --{section}-base-url"),
            _ => format!("check --{section}-model"),
        };
        LlmError::Refused { detail: format!("the provider answered {status}: {hint}{said}") }
    }

    /// What the provider said about its refusal, short and without the key, which some repeat.
    fn said(&self, body: &Value) -> String {
        let places = ["/error/message", "/message", "/detail", "/error"];
        let Some(said) = places.iter().find_map(|place| body.pointer(place)?.as_str()) else {
            return String::new();
        };
        format!(
            " ({})",
            self.redactor.text(said).replace('\0', "").chars().take(MAX_DETAIL_CHARS).collect::<String>()
        )
    }
}

fn key_header(value: &str, section: &str) -> Result<HeaderValue> {
    let mut header = HeaderValue::from_str(value).map_err(|_| {
        Error::field("invalid_setting", format!("--{section}-api-key"), "holds characters that no key has")
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date, which is read against the `Date` of the same
/// answer so that our clock need not agree with theirs.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let wanted = text(RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let at = DateTime::parse_from_rfc2822(wanted).ok()?;
    let now = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    (at - now).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wanted: &'static str, expected_ms: Option<u64>) {
        let headers = HeaderMap::from_iter([
            (RETRY_AFTER, HeaderValue::from_static(wanted)),
            (DATE, HeaderValue::from_static("Fri, 20 Nov 2026 23:59:30 GMT")),
        ]);
        assert_eq!(retry_after(&headers), expected_ms.map(Duration::from_millis));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        check("7", Some(7000));
        check("0.25", Some(250));
        check("Sat, 21 Nov 2026 00:00:30 GMT", Some(60_000));
    }

    #[test]
    fn a_retry_after_that_makes_no_sense_is_ignored() {
        check("-1", None);
        check("soon", None);
        check("Fri, 20 Nov 2026 23:00:00 GMT", None);
    }
}
