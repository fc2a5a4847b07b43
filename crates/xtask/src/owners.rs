//! Tables have owners: SQL names a table of its own crate, or a view that its owner publishes (docs/adr/0022-owners-of-tables.md).

use std::collections::BTreeMap;

use xtask::sql::{self, Found, Statement};

/// What the macros of `platform::search` write into everybody's statements.
const SEARCH: [&str; 4] = ["search_query", "search_json", "search_lexemes", "search_literals"];

/// Where a table is declared, in `tables.rs` of its owner, and a function made.
#[derive(Debug, Default)]
pub struct Owners {
    tables: BTreeMap<String, Owned>,
    functions: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Owned {
    owner: String,
    published: bool,
}

/// The crate that a file belongs to.
pub fn crate_of(file: &str) -> &str {
    file.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

impl Owners {
    /// Takes in the declarations of a `tables.rs`.
    pub fn read(&mut self, file: &str, text: &str) {
        for piece in text.split("Table::").skip(1) {
            let kind = piece.split('(').next().unwrap_or_default();
            if let Some(name) =
                piece.split('"').nth(1).filter(|_| ["plain", "monthly", "published"].contains(&kind))
            {
                let owned = Owned { owner: crate_of(file).to_owned(), published: kind == "published" };
                self.tables.insert(name.to_owned(), owned);
            }
        }
    }

    /// The names of a crate's tables.
    pub fn of<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = &'a str> {
        self.tables
            .iter()
            .filter(move |(_, owned)| owned.owner == owner && !owned.published)
            .map(|(name, _)| name.as_str())
    }

    /// Takes in the functions that a migration makes: they are of the domain after which it is called. Those of other migrations
    /// are everybody's vocabulary.
    pub fn read_migration(&mut self, file: &str, text: &str, crates: &[String]) {
        let stem = file.rsplit('/').next().unwrap_or_default();
        let Some((_, named)) = stem.split_once('_') else { return };
        let Some(owner) = crates
            .iter()
            .find(|name| named.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('_')))
        else {
            return;
        };
        for piece in text.split(" function ").skip(1) {
            let name = piece.split('(').next().unwrap_or_default().trim();
            self.functions.insert(name.to_owned(), owner.clone());
        }
    }

    /// What a statement names that is another's.
    fn of_others(&self, statement: &str, here: &str) -> BTreeMap<String, &str> {
        let owner = |name: &str| {
            let table = self.tables.get(name).or_else(|| self.tables.get(parent(name)?));
            let table = table.filter(|owned| !owned.published).map(|owned| &owned.owner);
            let function = || self.functions.get(name).filter(|_| !SEARCH.contains(&name));
            table.or_else(function).map(String::as_str)
        };
        let named = sql::names(statement).into_iter();
        named.filter_map(|name| Some((name.clone(), owner(&name).filter(|owner| *owner != here)?))).collect()
    }

    /// What the sources ask of others' tables, and SQL where none belongs.
    pub fn trespasses(&self, found: &Found) -> Vec<String> {
        let mut said = Vec::new();
        for Statement { place, text, .. } in found.texts() {
            // The tool of migrations looks whether there is a schema.
            let others = self
                .of_others(text, crate_of(place))
                .into_iter()
                .filter(|_| !place.contains("/process/migrations.rs:"));
            for (name, owner) in others {
                said.push(format!(
                    "{place}: {name} belongs to {owner}: ask a view or function that it publishes"
                ));
            }
            if !may_hold_sql(place) {
                said.push(format!("{place}: SQL stands in store.rs and views.rs"));
            }
        }
        for Statement { place, text, .. } in &found.dynamic {
            if !sql::DYNAMIC.iter().any(|known| place.starts_with(known)) {
                said.push(format!("{place}: what sqlx is given stands in the sources as one text: {text}"));
            }
        }
        said
    }
}

/// The table of which this is the name of a partition: `alerts_default`, `alerts_2026_11`.
fn parent(name: &str) -> Option<&str> {
    let (table, _) =
        name.match_indices('_').map(|(at, _)| (&name[..at], &name[at + 1..])).find(|(_, rest)| {
            *rest == "default"
                || rest.trim_start_matches(['y', 'p']).starts_with(|c: char| c.is_ascii_digit())
        })?;
    Some(table)
}

/// The machine's SQL stands with what it is for; everybody else's in `store.rs` and `views.rs`, in the tool of migrations, and where
/// tenancy steps out of row-level security.
fn may_hold_sql(place: &str) -> bool {
    let (file, _) = place.split_once(':').unwrap_or((place, ""));
    ["platform", "xtask"].contains(&crate_of(file))
        || ["/store.rs", "/views.rs", "server/src/process/migrations.rs", "tenancy/src/ownership.rs"]
            .iter()
            .any(|name| file.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::{Owners, sql};

    const VIEWS: &str = "crates/alerts/src/issues/views.rs";

    fn owners() -> Owners {
        let mut owners = Owners::default();
        owners.read(
            "crates/skills/src/tables.rs",
            "pub(crate) const TABLES: &[Table] = &[Table::plain(\"skills\"), Table::published(\"skill_names\")];",
        );
        owners.read("crates/alerts/src/tables.rs", "&[\n    Table::monthly(\"alerts\", Kept::Always),\n]");
        owners.read("crates/runs/src/tables.rs", "&[Table::monthly(\"run_steps\", Kept::Always)]");
        let crates = ["platform".to_owned(), "alerts".to_owned()];
        let made = "create or replace function forget_keys(kind text) returns void";
        owners.read_migration("migrations/20261127140000_platform_keys.up.sql", made, &crates);
        owners.read_migration(
            "migrations/20261127140000_nodes.up.sql",
            "create function below() as",
            &crates,
        );
        owners
    }

    fn said(file: &str, source: &str) -> Vec<String> {
        owners().trespasses(&sql::of(&[(file.to_owned(), source.to_owned())]).unwrap())
    }

    /// What is said of one statement that is sent.
    fn of_query(query: &str) -> Vec<String> {
        said(VIEWS, &format!("//! A story.\nfn f() {{ sqlx::query(r##\"{query}\"##); }}\n"))
    }

    #[test]
    fn sql_on_another_crates_table_is_refused_whatever_stands_around_its_name() {
        for query in [
            "select s.name from skills s",
            "with a as (select id from alerts) select * from a join skills on true",
            "update skills set name = $1",
            "insert into skills (id) values ($1)",
            "delete from skills where id = $1",
            "select (select s.name from skills s where s.id = i.skill_id) from alerts i",
            "select a.id from alerts a, skills s",
            "select a.id from alerts a cross join lateral (select id from(skills))",
            "select id from alerts where id in(select id from(skills))",
            "delete from alerts using skills",
            "merge into skills using alerts on true when matched then delete",
            "merge into alerts using skills on true when matched then delete",
            "truncate skills",
            "lock table skills in share mode",
            "copy skills to stdout",
            "table skills",
            "select id from only skills",
            "select id from public.skills",
            "select id from \"skills\"",
            "SELECT id FROM Skills",
            "-- the skills of an alert\nselect id from skills",
            "select id from /* one's own */ skills",
            "explain select id from skills",
            "values ((select count(*) from skills))",
            "do $$ begin delete from skills; end $$",
            "create temp table mine as select id from skills",
            "create temp table mine as table skills",
            "select 'skills'::regclass",
            "select to_regclass('public.skills')",
        ] {
            let expected =
                format!("{VIEWS}:2: skills belongs to skills: ask a view or function that it publishes");
            assert_eq!(of_query(query), [expected], "{query}");
        }
        for partition in ["run_steps_default", "run_steps_2026_11"] {
            assert_eq!(of_query(&format!("select id from {partition}")).len(), 1, "{partition}");
        }
    }

    #[test]
    fn what_is_published_and_what_only_looks_like_a_table_is_left_alone() {
        for query in [
            "select s.name from skill_names s join alerts a on true",
            "select a.skills from alerts a",
            "select count(*) as skills from alerts -- of skills",
            "select 'the skills' from alerts",
            "select id from run_stepsister",
            "select below()",
        ] {
            assert_eq!(of_query(query), [""; 0], "{query}");
        }
        assert_eq!(said(VIEWS, "// \"select id from skills\""), [""; 0]);
        assert_eq!(said(VIEWS, "fn f() { say(\"not from skills\"); }"), [""; 0]);
    }

    #[test]
    fn a_function_is_of_the_domain_whose_migration_makes_it() {
        let expected =
            format!("{VIEWS}:2: forget_keys belongs to platform: ask a view or function that it publishes");
        assert_eq!(of_query("select forget_keys('issue')"), [expected]);
    }

    #[test]
    fn sql_in_pieces_is_read_as_it_is_sent() {
        for source in [
            "fn f() { sqlx::query(concat!(\"select id \", \"from skills\")); }",
            "fn f() { let q = concat!(\"select id \", \"from skills\"); sqlx::query(q).bind(1); }",
            "const Q: &str = \"table skills\";\nfn f() { sqlx::query(Q); }",
            "fn f(a: bool) { let q = if a { \"table alerts\" } else { \"table skills\" }; sqlx::query(q); }",
            "macro_rules! of { () => { \" join skills on true\" } }\nfn f() { sqlx::query(concat!(\"select 1 from alerts\", of!())); }",
            "macro_rules! of { ($of:literal) => { concat!(\"select 1 from alerts\", $of) } }\nfn f() { sqlx::query(of!(\", (select id from skills)\")); }",
            "macro_rules! of { () => { \" union all select id from skills\" } }\nfn f() { bind!(sqlx::query(concat!(\"select id from alerts\", of!()))) }",
            "fn f() { sqlx::query(r#\"select \"id\" from skills\"#); }",
        ] {
            let said = said(VIEWS, source);
            assert!(said.len() == 1 && said[0].contains("skills belongs to skills"), "{source}: {said:?}");
        }
    }

    #[test]
    fn sql_that_nobody_can_read_in_the_sources_is_refused() {
        for source in [
            "fn f() { sqlx::query(include_str!(\"all.sql\")); }",
            "fn f(q: &'static str) { sqlx::query(q); }",
            "const Q: &str = \"table alerts\";\nfn f(Q: &'static str) { sqlx::query(Q); }",
            "fn f() { let q = [\"table\", \"skills\"].join(\" \"); sqlx::query(AssertSqlSafe(q)); }",
            "fn f() { let q = [\"table \", \"skills\"].concat(); sqlx::query(sqlx::AssertSqlSafe(q)); }",
            "fn f() { let mut q = String::new(); q.push_str(\"table skills\"); sqlx::raw_sql(AssertSqlSafe(q)); }",
            "fn f() { let q = AssertSqlSafe(format!(\"{verb} id from skills\")); sqlx::query(q); }",
            "fn f() { let q = sqlx::QueryBuilder::new(\"select\"); }",
            "use sqlx::query as ask;",
            "use sqlx::{PgConnection, Executor as _};",
            "use sqlx::*;",
            "fn f() { let ask = sqlx::query; }",
            "fn f() { sqlx::query(elsewhere::Q); }",
            "fn f() { select! { a = sqlx::query(\"table skills\") => a, b = stop => b } }",
            "macro_rules! ask { ($q:expr) => { sqlx::query($q) } }\nfn f() { ask!(\"table skills\") }",
        ] {
            let said = said(VIEWS, source);
            assert!(
                !said.is_empty() && said.iter().all(|line| line.contains("stands in the sources")),
                "{source}: {said:?}"
            );
        }
    }

    #[test]
    fn sql_outside_store_and_views_is_refused() {
        for query in ["select id from alerts", "set local role none", "with a as (table alerts) table a"] {
            let text = format!("fn f() {{\n    sqlx::query(\"{query}\")\n}}");
            let actions = said("crates/alerts/src/issues/actions.rs", &text);
            assert_eq!(
                actions,
                ["crates/alerts/src/issues/actions.rs:2: SQL stands in store.rs and views.rs"]
            );
            assert_eq!(said("crates/alerts/src/issues/store.rs", &text), [""; 0]);
        }
    }
}
