use kernel::Secret;

use super::{First, Proved, bootstrap, create_org, create_user, random_address, set_password, verify_email};
use crate::{
    NewMember, Role,
    testing::{Browser, PASSWORD, World},
};

fn first() -> First<'static> {
    First { slug: "main", name: "Main", email: "Admin@Example.com" }
}

#[tokio::test]
async fn the_first_start_makes_an_organization_and_an_admin_who_can_sign_in() {
    let world = World::new().await;
    let credentials = bootstrap(&world.deps.app, first()).await.unwrap().unwrap();
    let me = world.sign_in(&credentials.email, credentials.password.expose()).await.expect(200);
    assert_eq!(me["organization"]["slug"], "main");
    assert_eq!(me["role"], "admin");
    assert!(bootstrap(&world.deps.app, first()).await.unwrap().is_none(), "there is an organization already");
}

#[tokio::test]
async fn of_two_first_starts_at_once_one_makes_the_organization() {
    let world = World::new().await;
    let app = &world.deps.app;
    let (one, other) = tokio::join!(bootstrap(app, first()), bootstrap(app, first()));
    assert_eq!([one.unwrap().is_some(), other.unwrap().is_some()].iter().filter(|made| **made).count(), 1);
}

#[tokio::test]
async fn an_organization_is_created_whole_and_once() {
    let world = World::new().await;
    let org = create_org(&world.deps.app, "acme", " Acme Inc. ").await.unwrap();
    let mut tx = world.db.db.tenant(world.db.db.system_scope(org, "test")).await.unwrap();
    assert_eq!(crate::organizations::store::get(&mut tx).await.unwrap().name, "Acme Inc.");
    let nodes = crate::nodes::store::list(&mut tx).await.unwrap();
    assert_eq!((nodes.len(), nodes[0].kind), (1, crate::NodeKind::Org));
    drop(tx);
    let again = create_org(&world.deps.app, "acme", "Acme").await.unwrap_err();
    assert_eq!(again.code().0, "slug_taken");
    for slug in ["", "-acme", "Acme", "a.b", "a_b", &"a".repeat(64)] {
        assert_eq!(
            create_org(&world.deps.app, slug, "Acme").await.unwrap_err().code().0,
            "invalid_slug",
            "{slug}"
        );
    }
}

#[tokio::test]
async fn a_user_of_an_unknown_organization_is_refused_by_name() {
    let world = World::new().await;
    let new = NewMember { email: "jo@example.com".into(), name: None, role: Role::Member, password: None };
    let error = create_user(&world.deps.app, "nowhere", new).await.unwrap_err();
    assert_eq!(error.to_string(), "organization not found");
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one_and_ends_sessions() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    world.person(&org, "jo@example.com", Role::Member).await;
    let browser = world.browser("jo@example.com").await;
    let new = "an entirely different one";
    set_password(&world.deps.app, "Jo@example.com", None, Secret::new(new.into())).await.unwrap();
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(401), "invalid_credentials");
    world.sign_in("jo@example.com", new).await.expect(200);
    let unknown =
        set_password(&world.deps.app, "who@example.com", None, Secret::new(new.into())).await.unwrap_err();
    assert_eq!(unknown.to_string(), "user not found");
}

#[tokio::test]
async fn the_operator_vouches_for_the_address_of_an_account() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let link = world.invite(&org, "jo@example.com", Role::Member).await["link"].clone();
    let browser = Browser::of(&world, world.follow(link.as_str().unwrap()).await);
    let (app, new) = (&world.deps.app, "an entirely different one");
    let unnamed = set_password(app, "jo@example.com", None, Secret::new(new.into())).await.unwrap_err();
    let said = unnamed.to_string();
    assert!(said.contains("not proved") && said.contains("--org acme"), "{said}");
    world.db.org("other").await;
    let elsewhere = verify_email(app, "jo@example.com", "other", Secret::new(new.into())).await.unwrap_err();
    assert!(elsewhere.to_string().contains("--org acme"), "{elsewhere}");

    let proved = verify_email(app, "jo@example.com", "acme", Secret::new(new.into())).await.unwrap();
    assert_eq!(proved, Proved::Verified);
    assert_eq!(browser.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(401), "invalid_credentials");
    let me = world.sign_in("jo@example.com", new).await.expect(200);
    assert_eq!(me["user"]["email_verified"], true);
    let again = verify_email(app, "jo@example.com", "acme", Secret::new(new.into())).await.unwrap_err();
    assert_eq!(again.code().0, "address_proved", "{again}");
    let named = set_password(app, "jo@example.com", Some("acme"), Secret::new(new.into())).await.unwrap_err();
    assert!(named.to_string().contains("leave --org out"), "{named}");
    let password = Some(Secret::new(new.to_owned()));
    let twice = NewMember { email: "jo@example.com".into(), name: None, role: Role::Member, password };
    let twice = create_user(app, "other", twice).await.unwrap_err();
    assert!(twice.to_string().contains("--no-password"), "{twice}");
}

#[test]
fn an_admin_who_was_not_named_has_an_address_that_nobody_can_guess() {
    let [one, other] = [random_address(), random_address()];
    assert_ne!(one, other);
    assert_eq!(crate::members::model::normalize_email(&one).unwrap(), one);
    assert!(one.ends_with(".invalid"), "{one}");
}
