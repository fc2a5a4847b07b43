//! Tables have owners: SQL names a table of its own crate, or a view that its owner publishes (docs/adr/0022-owners-of-tables.md).

use std::collections::BTreeMap;

use super::sql;

/// Where a table is declared: in `tables.rs` of its owner.
#[derive(Debug, Default)]
pub struct Owners(BTreeMap<String, Owned>);

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
                self.0.insert(name.to_owned(), owned);
            }
        }
    }

    /// The names of a crate's tables.
    pub fn of<'a>(&'a self, owner: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(_, owned)| owned.owner == owner && !owned.published)
            .map(|(name, _)| name.as_str())
    }

    /// What a source asks of others' tables, and SQL where none belongs.
    pub fn trespasses(&self, file: &str, text: &str) -> Vec<String> {
        let mut said = Vec::new();
        let here = crate_of(file);
        // Tests build whatever they need.
        if here == "testkit" {
            return said;
        }
        for statement in sql::statements(text) {
            for table in sql::tables(statement.text) {
                if let Some(owned) = self.0.get(table).filter(|owned| owned.owner != here && !owned.published)
                {
                    said.push(format!(
                        "{file}:{}: {table} belongs to {}: ask a view or function that it publishes",
                        statement.line, owned.owner
                    ));
                }
            }
            if !may_hold_sql(file) {
                said.push(format!("{file}:{}: SQL stands in store.rs and views.rs", statement.line));
            }
        }
        said
    }
}

/// The machine's SQL stands with what it is for; everybody else's in `store.rs` and `views.rs`, and in the tool of migrations.
fn may_hold_sql(file: &str) -> bool {
    ["platform", "xtask"].contains(&crate_of(file))
        || ["/store.rs", "/views.rs", "/process/migrations.rs"].iter().any(|name| file.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::Owners;

    fn owners() -> Owners {
        let mut owners = Owners::default();
        owners.read(
            "crates/skills/src/tables.rs",
            "pub(crate) const TABLES: &[Table] = &[Table::plain(\"skills\"), Table::published(\"skill_names\")];",
        );
        owners.read("crates/alerts/src/tables.rs", "&[\n    Table::monthly(\"alerts\", Kept::Always),\n]");
        owners
    }

    #[test]
    fn sql_on_another_crates_table_is_refused_and_its_published_view_is_not() {
        let file = "crates/alerts/src/issues/views.rs";
        for query in [
            "select s.name from skills s",
            "with a as (select id from alerts) select * from a join skills on true",
            "update skills set name = $1",
            "insert into skills (id) values ($1)",
            "delete from skills where id = $1",
            "select (select s.name from skills s where s.id = i.skill_id) from alerts i",
        ] {
            let said = owners().trespasses(file, &format!("//! A story.\nlet query = \"{query}\";\n"));
            let expected = "crates/alerts/src/issues/views.rs:2: skills belongs to skills: ask a view or function that it publishes";
            assert_eq!(said, [expected], "{query}");
        }
        for query in
            ["select s.name from skill_names s join alerts a on true", "not from skills", "select the skills"]
        {
            assert!(owners().trespasses(file, &format!("let query = \"{query}\";")).is_empty(), "{query}");
        }
        assert!(owners().trespasses(file, "// \"select id from skills\"").is_empty());
    }

    #[test]
    fn sql_outside_store_and_views_is_refused() {
        let text = "fn f() {\n    sqlx::query(\"select id from alerts\")\n}";
        let said = owners().trespasses("crates/alerts/src/issues/actions.rs", text);
        assert_eq!(said, ["crates/alerts/src/issues/actions.rs:2: SQL stands in store.rs and views.rs"]);
        assert!(owners().trespasses("crates/alerts/src/issues/store.rs", text).is_empty());
    }
}
