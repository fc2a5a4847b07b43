//! What the domains declare fits together, and together is the whole product.

use std::collections::{BTreeMap, BTreeSet};

use platform::domain::TableKind;
use server::process::compose;
use tenancy::{Access, ROLES};
use testkit::TestDb;

#[tokio::test]
async fn every_table_and_view_has_one_owner_who_declares_what_it_is() {
    let product = compose::disconnected().unwrap();
    let mut declared = BTreeMap::new();
    for (owner, table) in &product.tables {
        let kind = match table.kind {
            TableKind::Plain => "r",
            TableKind::Monthly(_) => "p",
            TableKind::Published => "v",
        };
        if let Some((other, _)) = declared.insert(table.name.to_owned(), (*owner, kind.to_owned())) {
            panic!("{} belongs to {owner} and {other}", table.name);
        }
    }
    let db = TestDb::new().await;
    let mut tx = db.db.system("a test reads the catalogue").await.unwrap();
    let query = "select c.relname::text, c.relkind::text from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
            and c.relname <> '_sqlx_migrations'";
    let found: Vec<(String, String)> = sqlx::query_as(query).fetch_all(tx.conn()).await.unwrap();
    let declared: BTreeMap<_, _> = declared.into_iter().map(|(name, (_, kind))| (name, kind)).collect();
    assert_eq!(declared, found.into_iter().collect());
}

#[tokio::test]
async fn no_two_domains_declare_the_same_permission() {
    let product = compose::disconnected().unwrap();
    let names: BTreeSet<_> = product.permissions.iter().map(|permission| permission.name).collect();
    assert_eq!(names.len(), product.permissions.len());
}

#[tokio::test]
async fn the_page_on_people_shows_what_each_role_may_do() {
    let product = compose::disconnected().unwrap();
    let access = Access::of(&product.permissions);
    let cells =
        |name: &str, cells: Vec<&str>, means: &str| format!("| {name} | {} | {means} |", cells.join(" | "));
    let roles = ROLES.iter().map(|role| role.as_str()).collect();
    let mut expected =
        vec![cells("permission", roles, "allows"), format!("|---|{}---|", "---|".repeat(ROLES.len()))];
    let mut permissions = product.permissions.clone();
    permissions.sort_by_key(|permission| permission.name);
    for permission in permissions {
        let held = |role: &tenancy::Role| access.of_role(*role).contains(permission.name);
        let held = ROLES.iter().map(|role| if held(role) { "yes" } else { "–" }).collect();
        expected.push(cells(&format!("`{}`", permission.name), held, permission.means));
    }
    let (page, expected) = (include_str!("../../../../docs/people.md"), expected.join("\n"));
    assert!(page.contains(&expected), "docs/people.md should have this table:\n{expected}");
}
