//! Migrations: each can be taken back, and whoever compiles them in is built anew when there is one more.

use std::collections::BTreeSet;

use super::owners::crate_of;

/// Each migration can be taken back.
pub fn without_way_back(files: &[String]) -> Vec<String> {
    let stems = files.iter().filter_map(|name| Some((name, name.strip_suffix(".up.sql")?)));
    let missing = stems.filter(|(_, stem)| !files.contains(&format!("{stem}.down.sql")));
    missing.map(|(name, _)| format!("{name}: has no down migration")).collect()
}

/// `sqlx::migrate!` reads a folder and does not tell cargo: the crate's build script has to.
pub fn unwatched(sources: &[(String, String)], build_script: impl Fn(&str) -> String) -> Vec<String> {
    let compiled_in = sources.iter().filter(|(_, text)| text.contains("sqlx::migrate!("));
    let crates: BTreeSet<_> = compiled_in.map(|(name, _)| crate_of(name)).collect();
    let scripts =
        crates.into_iter().filter(|name| *name != "xtask").map(|name| format!("crates/{name}/build.rs"));
    let silent =
        scripts.filter(|script| !build_script(script).contains("cargo::rerun-if-changed=../../migrations"));
    silent
        .map(|script| format!("{script}: a new migration builds nothing anew: watch ../../migrations"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{unwatched, without_way_back};

    #[test]
    fn a_migration_without_a_way_back_is_refused() {
        let files = ["migrations/1_a.up.sql", "migrations/1_a.down.sql", "migrations/2_b.up.sql"];
        let said = without_way_back(&files.map(String::from));
        assert_eq!(said, ["migrations/2_b.up.sql: has no down migration"]);
    }

    #[test]
    fn migrations_that_are_compiled_in_are_watched() {
        let source = "static ALL: Migrator = sqlx::migrate!(\"../../migrations\");";
        let sources = [("crates/server/src/migrate.rs".to_owned(), source.to_owned())];
        let script = |text: &str| {
            let text = text.to_owned();
            move |_: &str| text.clone()
        };
        assert_eq!(unwatched(&sources, script("fn main() {}")).len(), 1);
        let watches = "println!(\"cargo::rerun-if-changed=../../migrations\");";
        assert_eq!(unwatched(&sources, script(watches)), [""; 0]);
    }
}
