//! `steward migrate`.

use kernel::Result;
use platform::db::{
    Db,
    schema::{self, SchemaStep},
};

use crate::{
    command::actions::Direction,
    process::{
        migrations::{MIGRATIONS, down, up},
        serve,
        settings::Database,
    },
};

#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn command(settings: &Database, direction: Direction, steps: usize) -> Result<()> {
    serve::once(settings, async move |url| {
        let options = platform::db::Options {
            url,
            max_connections: 4,
            clock: std::sync::Arc::new(kernel::SystemClock),
            subscriptions: Vec::new(),
        };
        let db = Db::connect(options).await?;
        db.prepare().await?;
        match direction {
            Direction::Up => up(&db).await.map(drop)?,
            Direction::Down => down(&db, steps).await?,
            Direction::Status => {}
        }
        for step in schema::status(&db, &MIGRATIONS).await? {
            println!("{}", line(&step));
        }
        Ok(())
    })
}

/// The state comes first; what is special about a migration, last.
fn line(step: &SchemaStep) -> String {
    let state = if step.applied { "applied" } else { "pending" };
    let special = [
        (!step.known, "of a newer version"),
        (step.expands, "older versions work beside it"),
        (!step.in_transaction, "in no transaction"),
    ];
    let special: Vec<_> = special.into_iter().filter(|(so, _)| *so).map(|(_, what)| what).collect();
    let special = if special.is_empty() { String::new() } else { format!("  ({})", special.join("; ")) };
    format!("{state:<8} {} {}{special}", step.version, step.description)
}
