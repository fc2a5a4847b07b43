//! `steward migrate`.

use kernel::Result;
use platform::db::Db;

use crate::{
    command::actions::Direction,
    process::{
        migrations::{MIGRATIONS, applied, down, up},
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
        let applied = applied(&db).await?;
        for migration in MIGRATIONS.iter().filter(|migration| migration.migration_type.is_up_migration()) {
            let state = if applied.contains(&migration.version) { "applied" } else { "pending" };
            println!("{state:<8} {} {}", migration.version, migration.description);
        }
        Ok(())
    })
}
