//! One request to a platform and its answer, with the failures that all platforms share told apart.

use std::time::Duration;

use kernel::{Error, Result};
use reqwest::{
    RequestBuilder, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use serde_json::Value;
use url::Url;

use crate::{SendError, text};

/// A stopping server gives handlers ten seconds: an exchange that takes longer would end without a record.
pub const TIMEOUT: Duration = Duration::from_secs(8);

/// More than any platform says; an answer without end must not fill the memory.
const LARGEST_ANSWER: usize = 64 * 1024;
/// How long to wait when a platform asks for a break but not for how long.
pub(crate) const DEFAULT_BREAK: Duration = Duration::from_secs(10);
const LONGEST_BREAK: Duration = Duration::from_secs(3600);
/// How much of an unexpected answer an error repeats.
const QUOTED: usize = 200;

/// What a platform answered: neither a rate limit nor a failure of its own.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: String,
}

/// Sends a request.
///
/// # Errors
/// [`SendError::Retry`] when there was no answer, for HTTP 429 with the time the platform names, and for 408 and 5xx.
pub(crate) async fn exchange(request: Result<RequestBuilder>) -> Result<Answer, SendError> {
    let request = request.map_err(refused)?.timeout(TIMEOUT);
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    let pause = named_break(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err(SendError::retry(format!("HTTP {status} with an endless answer")));
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(limited(pause, &format!("HTTP {status}")));
    }
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return Err(SendError::Retry { after: pause, error: format!("HTTP {status}: {}", quote(&body)) });
    }
    Ok(Answer { status, body })
}

/// The platform asks for a break: it lives, so waiting is not failing.
pub(crate) fn limited(pause: Option<Duration>, said: &str) -> SendError {
    let pause = pause.unwrap_or(DEFAULT_BREAK);
    SendError::Retry { after: Some(pause), error: format!("rate limited for {} s ({said})", pause.as_secs()) }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value, SendError> {
        serde_json::from_str(&self.body).map_err(|_| {
            let error = format!("HTTP {} with an answer that is no JSON: {}", self.status, quote(&self.body));
            if self.status.is_success() { SendError::retry(error) } else { SendError::give_up(error) }
        })
    }
}

/// The start of an answer, on one line.
pub(crate) fn quote(body: &str) -> String {
    text::fit(&text::line(body), QUOTED, |_| 1)
}

/// An endpoint below a base address.
pub(crate) fn endpoint<'a>(base: &Url, path: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3), or Lark's `x-ogw-ratelimit-reset`, in seconds too.
fn named_break(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER).or_else(|| headers.get("x-ogw-ratelimit-reset"))?;
    let seconds = value.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).clamp(Duration::from_secs(1), LONGEST_BREAK))
}

/// The address of a webhook is a secret: an error never repeats it.
fn unreachable(error: reqwest::Error) -> SendError {
    let kind = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the connection broke"
    };
    let mut cause: &dyn std::error::Error = &error.without_url();
    while let Some(source) = cause.source() {
        cause = source;
    }
    SendError::retry(format!("{kind}: {cause}"))
}

fn refused(error: Error) -> SendError {
    SendError::give_up(error.to_string())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{endpoint, named_break};

    #[test]
    fn the_break_is_what_the_platform_names_within_an_hour() {
        let check = |name: &'static str, value: &'static str, expected: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            assert_eq!(named_break(&headers).map(|pause| pause.as_secs()), expected, "{name}: {value}");
        };
        check("retry-after", "30", Some(30));
        check("retry-after", "0", Some(1));
        check("retry-after", "999999", Some(3600));
        check("retry-after", "soon", None);
        check("x-ogw-ratelimit-reset", "7", Some(7));
        check("date", "30", None);
    }

    #[test]
    fn an_id_from_outside_stays_one_segment_of_the_path() {
        let base = "https://open.example/open-apis/".parse().unwrap();
        let url = endpoint(&base, ["im", "v1", "messages", "../om?x=1"]);
        assert_eq!(url.as_str(), "https://open.example/open-apis/im/v1/messages/..%2Fom%3Fx=1");
    }
}
