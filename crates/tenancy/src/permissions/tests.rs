use std::collections::BTreeSet;

use platform::http::{Grantable, Holders};

use super::{Access, ROLES, Role, TokenScope};

fn access() -> Access {
    let of = |name, holders| Grantable { name, holders, means: "" };
    Access::of(&[
        of("everyone", Holders::Everyone),
        of("people", Holders::People),
        of("workers", Holders::Workers),
        of("workers and programs", Holders::WorkersAndPrograms),
        of("leads", Holders::Leads),
        of("admins", Holders::Admins),
        of("senders", Holders::Senders),
    ])
}

#[test]
fn every_role_may_do_what_its_holders_may_and_nothing_else() {
    let access = access();
    let check = |role: Role, expected: &[&'static str]| {
        assert_eq!(*access.of_role(role), expected.iter().copied().collect(), "{role}");
    };
    let worker = ["everyone", "people", "workers", "workers and programs"];
    check(Role::Viewer, &["everyone", "people"]);
    check(Role::Member, &worker);
    check(Role::Engineer, &worker);
    check(Role::Agent, &worker);
    check(Role::Supervisor, &[&worker[..], &["leads"]].concat());
    check(Role::Admin, &[&worker[..], &["leads", "admins", "senders"]].concat());
    check(Role::Api, &["everyone", "workers and programs", "senders"]);
}

#[test]
fn whoever_knows_no_permission_may_do_nothing() {
    assert!(Access::default().of_role(Role::Admin).is_empty());
}

#[test]
fn a_scope_only_takes_away() {
    let access = access();
    let check = |role: Role, scopes: &[TokenScope], expected: BTreeSet<&'static str>| {
        assert_eq!(*access.of_token(role, scopes), expected, "{role} {scopes:?}");
    };
    for role in ROLES.iter().copied() {
        let all = (*access.of_role(role)).clone();
        check(role, &[TokenScope::Api], all.clone());
        check(role, &[TokenScope::Api, TokenScope::Ingest], all.clone());
        check(role, &[TokenScope::Ingest], all.into_iter().filter(|name| *name == "senders").collect());
        check(role, &[], BTreeSet::new());
    }
}

#[test]
fn a_role_is_read_as_it_is_written() {
    for role in ROLES {
        assert_eq!(role.as_str().parse::<Role>().unwrap(), *role);
    }
    assert_eq!("root".parse::<Role>().unwrap_err().code().0, "invalid_role");
}
