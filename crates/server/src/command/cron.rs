//! `steward cron`.

use chrono::{DateTime, SecondsFormat, Utc};
use kernel::Result;
use platform::{db::Db, jobs::cron::CronState};

use crate::process::{compose, serve, settings::Database};

/// Shows how each periodic task stands, and the error that its last turn ended with.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn command(settings: &Database) -> Result<()> {
    serve::once(settings, async move |url| {
        let options = platform::db::Options {
            url,
            max_connections: 4,
            clock: std::sync::Arc::new(kernel::SystemClock),
            subscriptions: Vec::new(),
        };
        let db = Db::connect(options).await?;
        println!("{:<26} {:>8}  {:<20}  {:<10}  {:<20}  error", "task", "every", "next", "last", "ended");
        for state in compose::disconnected()?.cron.states(&db).await? {
            println!("{}", line(&state));
        }
        Ok(())
    })
}

fn line(state: &CronState) -> String {
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let next = state.holder.as_ref().map_or_else(|| at(state.next_at), |_| "running".into());
    let outcome = state.last_outcome.map_or("-", |outcome| outcome.as_str());
    let ended = state.last_finished_at.map_or_else(|| "-".into(), at);
    let error = state.last_error.as_deref().unwrap_or_default().replace('\n', " ");
    let line = format!(
        "{:<26} {:>7}s  {next:<20}  {outcome:<10}  {ended:<20}  {error}",
        state.name, state.period_seconds
    );
    line.trim_end().to_owned()
}
