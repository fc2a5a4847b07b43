//! The live stream: events as they are committed, to whoever may see them.
//!
//! Readers follow the log up to where it is settled ([`crate::record::log`]), so an event whose transaction commits late is never
//! skipped, and nothing that writes no events is waited for. One reader in each process feeds all its streams ([`hub`]); it sleeps while nobody
//! listens. Each organization has a ring of its own ([`rings`]): what happens in one delays no other by more than a batch, and drops nobody.
//! A stream that falls behind its ring reads the log from its own place, as fast as its client takes it, and so does a client that
//! comes back with `Last-Event-ID` ([`reader`]). One whose place is not there any more is told by `reset`. While the database is
//! away streams stay open, and go on where they were. A reader whose rights ended is let go within two seconds ([`open`]).

mod hub;
mod open;
mod reader;
mod rings;

use std::time::Duration;

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{self, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use kernel::Result;

use crate::routes;

pub use self::hub::LiveHub;
use self::{open::Seat, reader::Reader};
use crate::{
    http::{Answer, Caller, Can, Routes, SignedIn},
    record::{
        Event,
        log::{self, Place},
    },
};

/// A stream ends after this time in any case.
const LONGEST: Duration = Duration::from_secs(600);

/// `GET /api/v1/events`.
pub fn routes(hub: LiveHub) -> Routes {
    Routes::new().routes(routes!(stream_events)).with_state(hub)
}

/// Stream events as they happen
///
/// As server-sent events, those of the organization that the caller may read of.
///
/// Reconnect with `Last-Event-ID` to get all that was missed. The event `reset` says that something in between is not kept any more:
/// read anew what you show. A comment is sent every 15 seconds; the stream ends after ten minutes.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 200, description = "A stream of events", content_type = "text/event-stream", body = Event)))]
async fn stream_events(
    State(hub): State<LiveHub>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<sse::Event, axum::Error>>>> {
    let caller: Caller = caller.clone();
    hub.look().await?;
    // Listen first, then see where to begin: nothing falls between.
    let (ring, now) = hub.listen(caller.org);
    let told = headers.get("last-event-id").and_then(|value| Place::parse(value.to_str().ok()?));
    let (begin, from) = match told {
        None => (connected().id(Place::at(now).to_string()), now),
        Some(told) => match log::resume(&hub.db, caller.org, told, now).await? {
            Some(from) => (connected(), from),
            None => (reset(now), now),
        },
    };
    let seat = hub.open.enter(caller.clone());
    let ended = ending(&hub, &seat);
    let reader = Reader::new(hub.clone(), caller.org, (ring, now), from);
    let events = stream::unfold(reader, async |mut reader| Some((reader.next().await?, reader)))
        .filter(move |placed| {
            let needed = hub.catalogue.read_permission(&placed.event.kind);
            std::future::ready(caller.may_at(needed, placed.event.node_id))
        })
        .map(|placed| {
            sse::Event::default()
                .id(Place::of(&placed).to_string())
                .event(placed.event.kind.clone())
                .json_data(&placed.event)
        })
        .take_until(Box::pin(ended))
        // Its seat is free when the stream is dropped.
        .inspect(move |_| {
            let _ = &seat;
        });
    Ok(Sse::new(stream::iter([Ok(begin)]).chain(events)).keep_alive(KeepAlive::default()))
}

/// So that whoever stands in between passes the head of the answer on.
fn connected() -> sse::Event {
    sse::Event::default().comment("connected")
}

fn reset(now: i64) -> sse::Event {
    sse::Event::default().id(Place::at(now).to_string()).event("reset").data("{}")
}

/// When a stream ends that its client does not.
fn ending(hub: &LiveHub, seat: &Seat) -> impl Future<Output = ()> + use<> {
    let (stop, ended) = (hub.stop.clone(), seat.ended.clone());
    async move {
        let ends = async {
            tokio::select! { () = stop.cancelled() => {}, () = ended.cancelled() => {} }
        };
        let _ = tokio::time::timeout(LONGEST, ends).await;
    }
}
