//! Keeps the embedded PostgreSQL running.
//!
//! One that ends under us, such as by the kernel's hand when memory runs out, is started again at once. Requests are refused
//! meanwhile and jobs wait: [`platform::db::watch_over`] sees to that. One that keeps ending has a reason that another start does
//! not mend; then the process ends with it, and says what PostgreSQL said last.

use std::time::Duration;

use kernel::{Error, Result};
use platform::db::{
    Db,
    embedded::{Embedded, EmbeddedError},
};
use tokio::time::{Instant, sleep};

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// It ended once more than this in a row: it is given up.
const STARTS: u32 = 5;
/// Before the second start; twice as long before each that follows.
const PAUSE: Duration = Duration::from_millis(250);
/// Before a start on a full disk, which is not counted.
const PAUSE_WHEN_FULL: Duration = Duration::from_secs(2);
/// After this time it has run, and what comes next is another accident.
const SETTLED: Duration = Duration::from_secs(60);

/// Returns when PostgreSQL is given up. On the main thread, as [`Embedded::start`].
pub async fn keep(embedded: &mut Embedded, db: &Db) -> Error {
    let mut in_a_row = 0;
    let mut ended = until_it_ends(embedded).await;
    while in_a_row < STARTS {
        db.suspect();
        tracing::error!(%ended, "starting the embedded PostgreSQL again");
        if db.disk_is_full() {
            // It may be up to people to make room: that takes as long as it takes.
            sleep(PAUSE_WHEN_FULL).await;
        } else {
            if in_a_row > 0 {
                sleep(PAUSE * 2_u32.pow(in_a_row - 1)).await;
            }
            in_a_row += 1;
        }
        ended = match start(embedded).await {
            Ok(()) => {
                db.suspect();
                let ready = Instant::now();
                let ended = until_it_ends(embedded).await;
                if ready.elapsed() > SETTLED {
                    in_a_row = 0;
                }
                ended
            }
            Err(ended) => ended,
        };
    }
    let detail =
        format!("the embedded PostgreSQL was started {STARTS} times in a row and does not stay: {ended}");
    Error::invalid("database_unusable", detail)
}

async fn until_it_ends(embedded: &mut Embedded) -> EmbeddedError {
    loop {
        if let Some(ended) = embedded.ended() {
            return ended;
        }
        sleep(LOOK).await;
    }
}

async fn start(embedded: &mut Embedded) -> Result<(), EmbeddedError> {
    embedded.start_again()?;
    while !embedded.is_ready()? {
        sleep(LOOK).await;
    }
    tracing::info!("the embedded PostgreSQL runs again");
    Ok(())
}
