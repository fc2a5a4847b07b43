//! Bodies of requests as they arrive: in time, and unpacked as far as they fit.
//!
//! How large one may be is counted while it is read, after unpacking ([`super::input`]); what is refused here was not read at
//! all, or is not read on.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt, future, stream};
use kernel::Error;
use tokio::time::{Instant, timeout_at};

use super::{Authenticator, Caller, Problem};

/// How long a whole body may take: 5 MiB need 170 KiB/s.
const LONGEST: Duration = Duration::from_secs(30);
/// A body that ends by then is its head's moment.
const SOON: Duration = Duration::from_millis(500);

/// Middleware: a body that does not end in time breaks off; one packed in a way that we cannot unpack is not read (RFC 9110,
/// section 15.5.16).
pub async fn receive(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match packing(&parts.headers) {
        Ok(Some(packing)) => {
            drop(parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packing)))
        }
        Ok(None) => drop(parts.headers.remove(header::CONTENT_ENCODING)),
        Err(unknown) => {
            let detail =
                format!("a body may be packed once, with gzip or deflate; this one says {unknown:?}");
            let mut response = Problem(Error::invalid("unsupported_encoding", detail)).into_response();
            response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
            return response;
        }
    }
    next.run(Request::from_parts(parts, within(body, Instant::now() + LONGEST))).await
}

/// How a body is packed, by its standard name (RFC 9110, section 8.4.1); an error is what we do not know.
fn packing(headers: &HeaderMap) -> Result<Option<&'static str>, String> {
    let said = headers.get_all(header::CONTENT_ENCODING).iter();
    let said = said
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase())
        .collect::<Vec<_>>()
        .join(",");
    let mut packings = said.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity"));
    let packing = match packings.next() {
        None => return Ok(None),
        Some("gzip" | "x-gzip") => "gzip",
        Some("deflate") => "deflate",
        Some(_) => return Err(said),
    };
    if packings.next().is_some() { Err(said) } else { Ok(Some(packing)) }
}

/// The body, broken off at a moment.
fn within(body: Body, end: Instant) -> Body {
    let chunks = stream::unfold(Some(body.into_data_stream()), move |chunks| async move {
        let mut chunks = chunks?;
        match timeout_at(end, chunks.next()).await {
            Ok(chunk) => Some((chunk?.map_err(io::Error::other), Some(chunks))),
            Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    });
    // Who unpacks it looks for more after its end.
    Body::from_stream(chunks.fuse())
}

/// The body of a caller who is asked about again when it took longer: what they may do was decided by the head.
pub(super) fn rechecked(body: Body, authenticator: Arc<dyn Authenticator>, caller: Caller) -> Body {
    let came_by = Instant::now() + SOON;
    let end = stream::once(async move {
        if Instant::now() < came_by {
            return None;
        }
        match authenticator.recheck(&[caller]).await {
            Ok(same) if same == [true] => None,
            Ok(_) => Some(Err(io::Error::other(Changed))),
            Err(error) => Some(Err(io::Error::other(error))),
        }
    });
    let chunks = body.into_data_stream().map_err(io::Error::other);
    Body::from_stream(chunks.chain(end.filter_map(future::ready)).fuse())
}

/// What a caller may do is no longer what it was when their request began.
#[derive(Debug, thiserror::Error)]
#[error("what you may do changed while this request was on its way")]
struct Changed;

/// Why a body could not be read to its end, if it is for another reason than its size or form.
pub(super) fn refusal(error: &(dyn std::error::Error + 'static)) -> Option<Error> {
    let mut causes = std::iter::successors(Some(error), |cause| cause.source());
    causes.find_map(|cause| {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if cause.is::<Changed>() || inner.is_some_and(|inner| inner.is::<Changed>()) {
            let detail = "what you may do changed while this request was on its way; look, and send it again";
            return Some(Error::conflict("rights_changed", detail));
        }
        let too_slow =
            cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut);
        too_slow.then(|| Error::invalid("body_too_slow", "the body did not come in time; send it again"))
    })
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use bytes::Bytes;

    use super::{super::CredentialId, *};
    use crate::db::{Actor, Origin, Reach};

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_for_ever_breaks_off() {
        let trickle = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(9)).await;
            Some((Ok::<_, io::Error>(Bytes::from_static(b"x")), ()))
        });
        let body = within(Body::from_stream(trickle), Instant::now() + LONGEST);
        let error = to_bytes(body, usize::MAX).await.unwrap_err();
        assert_eq!(refusal(&error).map(|error| error.code().0), Some("body_too_slow"), "{error:?}");
    }

    fn somebody() -> Caller {
        let id = uuid::Uuid::nil();
        Caller {
            org: kernel::OrgId(id),
            actor: Actor::User { id: kernel::UserId(id), name: String::new() },
            role: None,
            permissions: Arc::default(),
            nodes: Arc::default(),
            reach: Reach::NOWHERE,
            home: None,
            origin: Origin::default(),
            correlation: id,
            csrf_token: None,
            credential: CredentialId::Session(Vec::new()),
            granted: None,
        }
    }

    /// What is asked again says.
    struct Says(bool);

    impl Authenticator for Says {
        fn has_credential(&self, _: &axum::http::request::Parts) -> bool {
            true
        }

        fn is_familiar(&self, _: &axum::http::request::Parts) -> bool {
            true
        }

        fn authenticate<'a>(
            &'a self,
            _: &'a axum::http::request::Parts,
        ) -> future::BoxFuture<'a, kernel::Result<Option<Caller>>> {
            Box::pin(future::ready(Ok(None)))
        }

        fn recheck<'a>(&'a self, _: &'a [Caller]) -> future::BoxFuture<'a, kernel::Result<Vec<bool>>> {
            Box::pin(future::ready(Ok(vec![self.0])))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_lost_a_right_while_the_body_came_is_refused_at_its_end() {
        for (seconds, still, expected) in
            [(0, false, None), (2, true, None), (2, false, Some("rights_changed"))]
        {
            let slow = stream::once(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                Ok::<_, io::Error>(Bytes::from_static(b"{}"))
            });
            let body = rechecked(Body::from_stream(slow), Arc::new(Says(still)), somebody());
            let read = to_bytes(body, usize::MAX).await;
            let refused = read.as_ref().err().and_then(|error| refusal(error)).map(|error| error.code().0);
            assert_eq!(refused, expected, "{seconds} {still}");
            assert_eq!(read.is_ok(), expected.is_none());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_in_time_is_whole() {
        let body = within(Body::from("all of it"), Instant::now() + LONGEST);
        assert_eq!(to_bytes(body, usize::MAX).await.unwrap(), "all of it");
    }
}
