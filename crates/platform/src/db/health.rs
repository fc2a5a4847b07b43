//! Whether the database is there, and takes changes.
//!
//! One task of each process ([`watch_over`]) asks the database every four seconds, over a connection of its own, and whoever
//! cannot begin a transaction has it ask at once. While the database is away nobody waits for it: requests are told to try
//! again, nothing is claimed. As soon as it answers, all goes on, over new connections.
//!
//! Away is a server that cannot be reached, that starts or stops, and one that is a standby: after a failover an address
//! may lead to it for a moment, and it takes no changes.

use std::time::Duration;

use kernel::{Error, Result};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Db, Work, keepalive, transaction::Transaction};

/// How often a database that is there is asked while nobody finds it gone: whoever does has it asked at once ([`Db::suspect`]).
const ASK: Duration = Duration::from_secs(4);
/// How soon one that is away is asked again: at first, and at last.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// How long an answer may take, and so may a new connection. Twice this is how long silence goes unnoticed.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of the database.
#[derive(Clone, Copy, Default)]
pub(super) struct Condition {
    pub away: bool,
    /// Less than the reserve is free.
    pub full: bool,
    /// When the server last said that its disk is full.
    pub said_full: Option<Instant>,
}

impl Condition {
    fn takes_writes(self) -> bool {
        !self.away && !self.disk_is_full()
    }
}

/// A transaction that has begun.
pub(super) struct Begun {
    pub tx: Transaction,
    pub takes_writes: bool,
}

#[derive(Default)]
pub(super) struct Health {
    condition: watch::Sender<Condition>,
    suspected: Notify,
}

impl Db {
    /// Whether the database answered when it was last asked.
    pub fn is_there(&self) -> bool {
        !self.condition().away
    }

    /// Whether it can be written to: it is there, and there is room on its disk.
    pub fn takes_writes(&self) -> bool {
        self.condition().takes_writes()
    }

    /// Waits until it can be written to.
    pub async fn comes_back(&self) {
        // The sender lives as long as we do.
        let _ = self.inner.health.condition.subscribe().wait_for(|now| now.takes_writes()).await;
    }

    /// Has the database asked at once: it may be away, or back.
    pub fn suspect(&self) {
        self.inner.health.suspected.notify_one();
    }

    pub(super) fn condition(&self) -> Condition {
        *self.inner.health.condition.borrow()
    }

    /// Keeps what was learnt, and wakes whoever waits for a database that takes writes again.
    pub(super) fn learn(&self, change: impl FnOnce(&mut Condition)) {
        let before = self.takes_writes();
        self.inner.health.condition.send_modify(change);
        if !before && self.takes_writes() {
            self.wake();
        }
    }

    /// Begins a transaction with these settings, over a connection for this kind of work; a read-only one while the disk is full.
    ///
    /// # Errors
    /// [`Error::Unavailable`], at once when the database is known to be away, or when alerts are to be stored on a full disk.
    pub(super) async fn open(&self, settings: String) -> Result<Begun> {
        let mut condition = self.inner.health.condition.subscribe();
        let takes_writes = !condition.borrow_and_update().disk_is_full();
        if !takes_writes && self.work == Work::Intake {
            return Err(Error::disk_full("the disk is full: nothing can be stored until there is room"));
        }
        let begin = if takes_writes { "begin" } else { "begin read only" };
        let clock =
            self.clock().held_at().map(|now| format!("; set local app.clock = '{}'", now.to_rfc3339()));
        let begin = format!("{begin}; {settings}{}", clock.unwrap_or_default());
        let begun = tokio::select! {
            biased;
            _ = condition.wait_for(|now| now.away) => return Err(Error::unavailable("the database is away")),
            begun = self.begin_over(&begin) => begun,
        };
        let failed = |error: sqlx::Error| {
            self.suspect();
            Error::from(error)
        };
        Ok(Begun { tx: begun.map_err(failed)?, takes_writes })
    }

    /// Begins over a connection that is alive. One whose session was ended says so at its first message, before anything was done over it:
    /// the next one is tried. To ask each before its use would cost every transaction a round trip.
    async fn begin_over(&self, begin: &str) -> Result<Transaction, sqlx::Error> {
        let (started, mut ended) = (Instant::now(), 0);
        loop {
            let connection = self.inner.pools.lend(self.work).await?;
            match Transaction::begin(connection, begin).await {
                // What takes longer is a server that is away.
                Err(error)
                    if has_ended(&error) && ended <= self.connections().most && started.elapsed() < SOON =>
                {
                    ended += 1;
                }
                begun => return begun,
            }
        }
    }
}

/// How soon an ended session says so.
const SOON: Duration = Duration::from_secs(1);

/// Whether the connection is no more: broken off, or ended by an administrator or by a server that stops.
fn has_ended(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(said) => {
            said.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02" | "57P05"))
        }
        _ => false,
    }
}

/// Watches over the database until `stop`.
pub async fn watch_over(db: Db, stop: CancellationToken) {
    let mut probe = Probe { server: db.inner.pools.server.clone(), connection: None };
    let (mut away_since, mut pause) = (None::<Instant>, ASK);
    loop {
        match (probe.ask().await, away_since) {
            (Answer::Good, None) => {}
            // It is there, and what was connected to it may not be: an address has moved, or its sessions were ended.
            (Answer::Anew, None) => db.inner.pools.renew(),
            (Answer::Good | Answer::Anew, Some(since)) => {
                tracing::info!(seconds = since.elapsed().as_secs_f32(), "the database is back");
                (away_since, pause) = (None, ASK);
                db.learn(|condition| condition.away = false);
            }
            (Answer::None(why), None) => {
                tracing::error!(why, "the database is away; refusing requests until it is back");
                (away_since, pause) = (Some(Instant::now()), ASK_AGAIN.0);
                db.learn(|condition| condition.away = true);
                db.inner.pools.renew();
            }
            (Answer::None(_), Some(_)) => pause = (pause * 2).min(ASK_AGAIN.1),
        }
        db.forget_what_it_said();
        db.inner.pools.let_go_of_idle();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
            () = db.inner.health.suspected.notified() => {}
        }
    }
}

/// Asks the server, over a connection that is kept from one time to the next.
struct Probe {
    server: PgConnectOptions,
    connection: Option<PgConnection>,
}

enum Answer {
    Good,
    /// Good, after the connection of before was lost.
    Anew,
    None(String),
}

impl Probe {
    async fn ask(&mut self) -> Answer {
        let known = self.connection.take();
        let first = known.is_none();
        if let Some(known) = known
            && let Ok(()) = self.ask_over(known).await
        {
            return Answer::Good;
        }
        let connected = timeout(PATIENCE, PgConnection::connect_with(&self.server)).await;
        let asked = match connected {
            Ok(Ok(connection)) => {
                keepalive::of_connections_to(self.server.get_port());
                self.ask_over(connection).await
            }
            // It has no connection left for us, and those that we have go on.
            Ok(Err(sqlx::Error::Database(said))) if said.code().as_deref() == Some("53300") => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no answer".to_owned()),
        };
        match asked {
            Ok(()) if first => Answer::Good,
            Ok(()) => Answer::Anew,
            Err(why) => Answer::None(why),
        }
    }

    async fn ask_over(&mut self, mut connection: PgConnection) -> Result<(), String> {
        // One message, so that it works through any pooler.
        let standby = sqlx::raw_sql("select pg_is_in_recovery()").fetch_one(&mut connection);
        let row = match timeout(PATIENCE, standby).await {
            Ok(row) => row.map_err(|error| error.to_string())?,
            Err(_) => return Err("no answer".into()),
        };
        if sqlx::Row::get(&row, 0) {
            return Err("it is a standby".into());
        }
        self.connection = Some(connection);
        Ok(())
    }
}
