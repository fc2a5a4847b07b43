use std::collections::BTreeSet;

use super::{ALL, Role, TABLE, TokenScope, of_token};

const READ: &[&str] =
    &["alerts:read", "issues:read", "skills:read", "tools:read", "receivers:read", "members:read"];
const WORK: &[&str] = &["alerts:write", "issues:write", "skills:write", "tools:write", "tools:run"];
const LEAD: &[&str] = &["receivers:write", "audit:read", "jobs:read", "jobs:write", "tokens:read"];
const REST: &[&str] =
    &["issues:erase", "members:write", "tokens:write", "settings:read", "settings:write", "ingest:write"];

#[test]
fn every_role_may_do_what_the_api_says_and_nothing_else() {
    let check = |role: Role, expected: &[&[&'static str]]| {
        let expected: BTreeSet<_> = expected.concat().into_iter().collect();
        assert_eq!(*role.permissions(), expected, "{role}");
    };
    check(Role::Viewer, &[READ]);
    check(Role::Member, &[READ, WORK]);
    check(Role::Engineer, &[READ, WORK]);
    check(Role::Agent, &[READ, WORK]);
    check(Role::Supervisor, &[READ, WORK, LEAD]);
    check(Role::Admin, &[READ, WORK, LEAD, REST]);
    let api = [
        "alerts:read",
        "alerts:write",
        "issues:read",
        "issues:write",
        "skills:read",
        "tools:read",
        "ingest:write",
    ];
    check(Role::Api, &[&api]);
}

#[test]
fn the_page_on_people_shows_what_each_role_may_do() {
    let cells = |name: &str, cell: &dyn Fn(Role) -> &'static str| {
        let cells: Vec<_> = ALL.iter().map(|role| cell(*role)).collect();
        format!("| {name} | {} |", cells.join(" | "))
    };
    let mut expected = vec![cells("permission", &Role::as_str), format!("|---|{}", "---|".repeat(ALL.len()))];
    for (name, roles) in TABLE {
        expected.push(cells(&format!("`{name}`"), &|role| if roles.contains(&role) { "yes" } else { "–" }));
    }
    let (page, expected) = (include_str!("../../../../docs/people.md"), expected.join("\n"));
    assert!(page.contains(&expected), "docs/people.md should have this table:\n{expected}");
}

#[test]
fn the_table_names_each_permission_once() {
    let names: BTreeSet<_> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), TABLE.len());
    assert_eq!(names.len(), READ.len() + WORK.len() + LEAD.len() + REST.len());
}

#[test]
fn a_scope_only_takes_away() {
    let check = |role: Role, scopes: &[TokenScope], expected: BTreeSet<&'static str>| {
        assert_eq!(*of_token(role, scopes), expected, "{role} {scopes:?}");
    };
    for role in ALL.iter().copied() {
        let all = (*role.permissions()).clone();
        check(role, &[TokenScope::Api], all.clone());
        check(role, &[TokenScope::Api, TokenScope::Ingest], all.clone());
        check(role, &[TokenScope::Ingest], all.into_iter().filter(|name| *name == "ingest:write").collect());
        check(role, &[], BTreeSet::new());
    }
}

#[test]
fn a_role_is_read_as_it_is_written() {
    for role in ALL {
        assert_eq!(role.as_str().parse::<Role>().unwrap(), *role);
    }
    assert_eq!("root".parse::<Role>().unwrap_err().code().0, "invalid_role");
}
