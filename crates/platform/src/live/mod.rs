//! The live stream: events as they are committed, to whoever may see them.
//!
//! Readers follow `event_log` by (transaction, id) and stay below the oldest transaction still running, so an
//! event whose transaction commits late is never skipped. One reader in each process feeds all its streams; it
//! sleeps while nobody listens. A client that reconnects with `Last-Event-ID` gets what it missed. While the database is
//! away streams stay open, and go on where they were. A reader whose rights ended is let go within two seconds ([`open`]).

mod open;

use std::{sync::Arc, time::Duration};

use crate::routes;
use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{self, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use kernel::{OrgId, Result};
use sqlx::FromRow;
use tokio::sync::{broadcast, watch};
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use self::open::OpenStreams;
use crate::{
    db::Db,
    http::{Answer, Authenticator, Caller, Can, SignedIn},
    record::{Catalogue, Event},
};

/// Events read in one go.
const BATCH: i64 = 500;
/// A stream ends after this time in any case.
const LONGEST: Duration = Duration::from_secs(600);
/// What a slow client may fall behind before it is told to start anew.
const BUFFER: usize = 4096;

/// An event and its place in the stream.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Placed {
    pub(crate) org_id: OrgId,
    /// `xid8` as text: it does not fit a signed integer.
    txid: String,
    #[sqlx(flatten)]
    pub(crate) event: Event,
}

/// A place between two events.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    pub(crate) txid: String,
    pub(crate) id: uuid::Uuid,
}

impl std::fmt::Display for Position {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.txid, self.id)
    }
}

impl Position {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (txid, id) = text.split_once('.')?;
        txid.parse::<u64>().ok()?;
        Some(Self { txid: txid.into(), id: id.parse().ok()? })
    }

    pub(crate) fn of(placed: &Placed) -> Self {
        Self { txid: placed.txid.clone(), id: placed.event.id.uuid() }
    }

    /// After a failover that lost the last commits, transactions count on from before.
    fn is_beyond(&self, now: &Self) -> bool {
        let count = |place: &Self| place.txid.parse::<u64>().unwrap_or_default();
        count(self) > count(now)
    }
}

/// Feeds the streams of this process.
#[derive(Clone)]
pub struct LiveHub {
    db: Db,
    sender: broadcast::Sender<Arc<Placed>>,
    /// Whether the reader has its first place; nobody listens before.
    started: watch::Sender<bool>,
    open: OpenStreams,
    authenticator: Arc<dyn Authenticator>,
    /// Who may see which kind.
    catalogue: Catalogue,
    stop: CancellationToken,
}

impl LiveHub {
    pub fn new(
        db: Db,
        authenticator: Arc<dyn Authenticator>,
        catalogue: Catalogue,
        stop: CancellationToken,
    ) -> Self {
        let (sender, started) = (broadcast::channel(BUFFER).0, watch::Sender::new(false));
        Self { db, sender, started, open: OpenStreams::default(), authenticator, catalogue, stop }
    }

    /// Reads the log while anybody listens, and lets go who may not listen any more, until stopped.
    pub async fn run(self) {
        let watch = self.open.watch(self.authenticator.clone(), self.stop.clone());
        tokio::join!(self.read_on(), watch);
    }

    async fn read_on(&self) {
        let mut position = None;
        loop {
            let added = self.db.events_added().notified();
            tokio::pin!(added);
            added.as_mut().enable();
            match self.advance(&mut position).await {
                Err(error) if self.db.is_there() => tracing::warn!(%error, "cannot read events"),
                _ => {}
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                // Coalesces a burst; also the poll for what other processes wrote.
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
                () = async { added.await; tokio::time::sleep(Duration::from_millis(50)).await } => {}
            }
        }
    }

    /// While nobody listens only the place is kept: one from before the next listener came, so that it misses nothing
    /// that is committed from then on.
    async fn advance(&self, position: &mut Option<Position>) -> Result<()> {
        let place = now(&self.db).await?;
        if self.sender.receiver_count() == 0 {
            *position = Some(place);
            self.started.send_replace(true);
            return Ok(());
        }
        let from = position.get_or_insert_with(|| place.clone());
        if from.is_beyond(&place) {
            tracing::warn!("the database was taken back to an earlier state");
            *from = place;
        }
        self.forward(from).await
    }

    /// Moves `from` with every event, so that a read that fails is made good by the next.
    async fn forward(&self, from: &mut Position) -> Result<()> {
        loop {
            let batch = read(&self.db, from, None).await?;
            let more = batch.len() >= usize::try_from(BATCH).unwrap_or(usize::MAX);
            for placed in batch {
                *from = Position::of(&placed);
                let _ = self.sender.send(Arc::new(placed));
            }
            if !more {
                return Ok(());
            }
        }
    }
}

/// The place after every transaction that has ended.
pub(crate) async fn now(db: &Db) -> Result<Position> {
    let query = "select pg_snapshot_xmin(pg_current_snapshot())::text";
    let mut tx = db.system("one reader feeds the streams of all organizations").await?;
    let txid = sqlx::query_scalar(query).fetch_one(tx.conn()).await?;
    Ok(Position { txid, id: uuid::Uuid::nil() })
}

pub(crate) async fn read(db: &Db, from: &Position, org: Option<OrgId>) -> Result<Vec<Placed>> {
    let query =
        "select org_id, txid::text as txid, id, kind, subject_type, subject_id, node_id, payload, occurred_at
        from event_log
        where (txid, id) > ($1::text::xid8, $2) and txid < pg_snapshot_xmin(pg_current_snapshot())
            and ($3::uuid is null or org_id = $3)
        order by event_log.txid, event_log.id limit $4";
    let mut tx = db.system("one reader feeds the streams of all organizations").await?;
    Ok(sqlx::query_as(query)
        .bind(&from.txid)
        .bind(from.id)
        .bind(org)
        .bind(BATCH)
        .fetch_all(tx.conn())
        .await?)
}

/// `GET /api/v1/events`.
pub fn routes(hub: LiveHub) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(stream_events)).with_state(hub)
}

/// Stream events as they happen
///
/// As server-sent events, those of the organization that the caller may read of.
///
/// Reconnect with `Last-Event-ID` to get what was missed. A comment is sent every 15 seconds; the stream ends after ten
/// minutes.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    responses((status = 200, description = "A stream of events", content_type = "text/event-stream", body = Event)))]
async fn stream_events(
    State(hub): State<LiveHub>,
    caller: Can<SignedIn>,
    headers: HeaderMap,
) -> Answer<Sse<impl Stream<Item = Result<sse::Event, axum::Error>>>> {
    let caller: Caller = caller.clone();
    hub.started.subscribe().wait_for(|started| *started).await.map_err(kernel::Error::internal)?;
    // Listen first, then read what was missed: an event in between comes twice rather than never.
    let live = BroadcastStream::new(hub.sender.subscribe());
    let last = headers.get("last-event-id").and_then(|value| Position::parse(value.to_str().ok()?));
    let missed = match last {
        Some(position) => catch_up(&hub.db, caller.org, position).await?,
        None => Vec::new(),
    };
    let live =
        live.take_while(|item| std::future::ready(!matches!(item, Err(BroadcastStreamRecvError::Lagged(_)))));
    let live = live.filter_map(|item| std::future::ready(item.ok()));
    let (org, catalogue) = (caller.org, hub.catalogue.clone());
    let place = hub.open.enter(caller.clone());
    let ended = {
        let (stop, ended) = (hub.stop.clone(), place.ended.clone());
        async move {
            let ends = async {
                tokio::select! { () = stop.cancelled() => {}, () = ended.cancelled() => {} }
            };
            let _ = tokio::time::timeout(LONGEST, ends).await;
        }
    };
    // So that whoever stands in between passes the head of the answer on.
    let begin = stream::iter([Ok(sse::Event::default().comment("connected"))]);
    let events = stream::iter(missed.into_iter().map(Arc::new))
        .chain(live)
        .filter(move |placed| {
            std::future::ready(
                placed.org_id == org
                    && caller.may_at(catalogue.read_permission(&placed.event.kind), placed.event.node_id),
            )
        })
        .map(|placed| {
            sse::Event::default()
                .id(format!("{}.{}", placed.txid, placed.event.id))
                .event(placed.event.kind.clone())
                .json_data(&placed.event)
        })
        .take_until(Box::pin(ended))
        // Its place is free when the stream is dropped.
        .inspect(move |_| {
            let _ = &place;
        });
    Ok(Sse::new(begin.chain(events)).keep_alive(KeepAlive::default()))
}

/// What one organization missed, at most ten batches; a client that was away longer reloads anyway.
async fn catch_up(db: &Db, org: OrgId, mut from: Position) -> Result<Vec<Placed>> {
    let mut missed = Vec::new();
    for _ in 0..10 {
        let batch = read(db, &from, Some(org)).await?;
        let Some(last) = batch.last() else { break };
        from = Position::of(last);
        missed.extend(batch);
    }
    Ok(missed)
}
