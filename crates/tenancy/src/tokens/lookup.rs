//! Finding tokens in the database: those that are asked for at the same time in one question, and what was not found is not
//! asked for again so soon.
//!
//! A stranger may send any number of well-formed tokens that nobody made. One that is sent again is refused from memory; any
//! number of different ones share one connection and one statement at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Code, Error, Result};
use platform::App;
use tokio::sync::oneshot;

use super::{model::FoundToken, store, text::TokenMac};

/// How long a token that was not found is refused without being looked up.
const REFUSED: TimeDelta = TimeDelta::seconds(10);
/// How many of them are remembered.
const LARGEST: usize = 10_000;
/// Room is looked for no more often.
const SWEPT: TimeDelta = TimeDelta::seconds(1);
/// Tokens of one question.
const BATCH: usize = 500;

/// What the database could not tell, in words, and whether that is because its disk is full.
type Answer = Result<Option<Arc<FoundToken>>, (Code, String)>;

#[derive(Default)]
pub(crate) struct Lookups(Mutex<State>);

#[derive(Default)]
struct State {
    /// Who waits for the next question; none while nobody asks.
    waiting: Option<Vec<(TokenMac, oneshot::Sender<Answer>)>>,
    unknown: HashMap<TokenMac, DateTime<Utc>>,
    /// When there was last no room, and those of before were forgotten.
    swept: Option<DateTime<Utc>>,
}

impl Lookups {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token with this MAC, if there is one.
    pub(crate) async fn find(self: &Arc<Self>, app: &App, mac: TokenMac) -> Result<Option<Arc<FoundToken>>> {
        let (reply, answer) = oneshot::channel();
        if self.is_unknown(&mac, app.clock.now()) {
            return Ok(None);
        }
        if self.wait(mac, reply) {
            tokio::spawn(Arc::clone(self).ask(app.clone()));
        }
        let answer = answer.await.map_err(|_| Error::unavailable("the server is stopping"))?;
        answer.map_err(|(code, detail)| match code {
            Error::DISK_FULL => Error::disk_full(detail),
            _ => Error::unavailable(detail),
        })
    }

    fn is_unknown(&self, mac: &TokenMac, now: DateTime<Utc>) -> bool {
        self.state().unknown.get(mac).is_some_and(|at| now - *at < REFUSED)
    }

    /// Answers whether somebody has to ask.
    fn wait(&self, mac: TokenMac, reply: oneshot::Sender<Answer>) -> bool {
        let mut state = self.state();
        let first = state.waiting.is_none();
        state.waiting.get_or_insert_default().push((mac, reply));
        first
    }

    async fn ask(self: Arc<Self>, app: App) {
        let _asking = Asking(&self);
        while let Some(batch) = self.next() {
            let found = look_up(&app, &batch).await.map_err(|error| (error.code(), error.to_string()));
            if let Ok(found) = &found {
                let missing =
                    batch.iter().map(|(mac, _)| *mac).filter(|mac| !found.contains_key(mac.as_slice()));
                self.remember(missing, app.clock.now());
            }
            for (mac, reply) in batch {
                let answer = found.as_ref().map(|found| found.get(mac.as_slice()).cloned());
                let _ = reply.send(answer.map_err(Clone::clone));
            }
        }
    }

    /// The next question; when nobody waits, the next to come asks again.
    fn next(&self) -> Option<Vec<(TokenMac, oneshot::Sender<Answer>)>> {
        let mut state = self.state();
        let waiting = state.waiting.as_mut().filter(|waiting| !waiting.is_empty());
        let batch = waiting.map(|waiting| waiting.drain(..waiting.len().min(BATCH)).collect());
        if batch.is_none() {
            state.waiting = None;
        }
        batch
    }

    fn remember(&self, missing: impl Iterator<Item = TokenMac>, now: DateTime<Utc>) {
        let mut state = self.state();
        let State { unknown, swept, .. } = &mut *state;
        if unknown.len() >= LARGEST && swept.is_none_or(|at| now - at >= SWEPT) {
            *swept = Some(now);
            unknown.retain(|_, at| now - *at < REFUSED);
        }
        let room = LARGEST.saturating_sub(unknown.len());
        unknown.extend(missing.take(room).map(|mac| (mac, now)));
    }
}

/// Somebody asks. Should that one panic, those who wait are told so, and the next to come asks again.
struct Asking<'a>(&'a Lookups);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state().waiting = None;
        }
    }
}

async fn look_up(
    app: &App,
    batch: &[(TokenMac, oneshot::Sender<Answer>)],
) -> Result<HashMap<Vec<u8>, Arc<FoundToken>>> {
    let mut macs: Vec<_> = batch.iter().map(|(mac, _)| mac.to_vec()).collect();
    macs.sort_unstable();
    macs.dedup();
    let mut tx = app.db.system("a token tells which organization it belongs to").await?;
    let found = store::find_by_mac(tx.conn(), &macs).await?;
    if tx.takes_writes() {
        store::touch(tx.conn(), &found, app.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(found.into_iter().map(|token| (token.mac.clone(), Arc::new(token))).collect())
}

#[cfg(test)]
mod tests {
    use testkit::start_of_time;

    use super::*;

    #[test]
    fn what_strangers_made_up_is_remembered_for_a_while_and_in_bounded_memory() {
        let (lookups, now) = (Lookups::default(), start_of_time());
        let mac = |number: u32| {
            let mut mac = [0; 32];
            mac[..4].copy_from_slice(&number.to_be_bytes());
            mac
        };
        lookups.remember((0..50_000).map(mac), now);
        assert_eq!(lookups.state().unknown.len(), LARGEST);
        assert!(lookups.is_unknown(&mac(7), now + REFUSED - TimeDelta::milliseconds(1)));
        assert!(!lookups.is_unknown(&mac(7), now + REFUSED));
        lookups.remember(std::iter::once(mac(99_999)), now + REFUSED);
        assert_eq!(lookups.state().unknown.len(), 1, "those before are forgotten when room is needed");
    }
}
