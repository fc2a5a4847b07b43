use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Response, start_of_time};

use crate::{
    Role,
    testing::{Browser, PASSWORD, World, token_of},
};

fn link_of(invited: &Value) -> &str {
    invited["link"].as_str().unwrap_or_else(|| panic!("no link in {invited}"))
}

async fn look(world: &World, link: &str) -> Response {
    world.nobody.post("/api/v1/auth/invitation", json!({ "token": token_of(link) })).await
}

#[tokio::test]
async fn an_admin_invites_and_whoever_follows_the_link_chooses_a_password() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let body = json!({ "email": "Jo@Example.com", "role": "engineer" });
    let invited = admin.post("/api/v1/invitations", body).await;
    assert_eq!(invited.headers["cache-control"], "no-store");
    let invited = invited.expect(201);
    assert_eq!((&invited["email"], &invited["state"]), (&json!("jo@example.com"), &json!("pending")));
    assert_eq!(invited["delivery"], "link", "this server sends no mail");
    assert_eq!(invited["expires_at"], json!(start_of_time() + TimeDelta::days(7)));

    let offer = look(&world, link_of(&invited)).await.expect(200);
    let expected = json!({ "id": invited["id"], "organization": "Acme", "organization_slug": "acme",
        "email": "jo@example.com", "role": "engineer", "expires_at": invited["expires_at"], "proves_address": false });
    assert_eq!(offer, expected);
    let browser = Browser::of(&world, world.follow(link_of(&invited)).await);
    assert_eq!((&browser.me["role"], &browser.me["user"]["name"]), (&json!("engineer"), &json!("Jo")));
    browser.client.get("/api/v1/members").await.expect(200);

    let listed = admin.get("/api/v1/invitations").await.expect(200);
    assert_eq!(
        (&listed["items"][0]["state"], &listed["items"][0]["invited_by"]),
        (&json!("accepted"), &json!("admin"))
    );
    assert!(
        !listed.to_string().contains(token_of(link_of(&invited))),
        "only the answer to its maker holds it"
    );
    let audit = admin.get("/api/v1/audit?action=member.added").await.expect(200);
    assert_eq!(audit["items"][0]["actor_name"], "Jo", "the person joined; nobody added them");
    assert!(!audit.to_string().contains(PASSWORD));
}

#[tokio::test]
async fn an_invitation_that_cannot_be_is_refused() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    world.invite(&org, "twice@example.com", Role::Viewer).await;
    let check = async |invitation: Value, status: u16, code: &str| {
        let refused = admin.post("/api/v1/invitations", invitation.clone()).await;
        assert_eq!(refused.problem(status), code, "{invitation}");
    };
    check(json!({ "email": "jo", "role": "member" }), 422, "invalid_email").await;
    check(json!({ "email": "jo@x.y", "role": "root" }), 422, "invalid_body").await;
    check(json!({ "email": "jo@x.y", "role": "member", "password": PASSWORD }), 422, "invalid_body").await;
    check(json!({ "email": "jo@x.y", "role": "member", "delivery": "mail" }), 409, "mail_not_configured")
        .await;
    check(json!({ "email": "admin@acme.example", "role": "member" }), 409, "already_member").await;
    check(json!({ "email": "Twice@example.com", "role": "member" }), 409, "already_invited").await;
    assert_eq!(org.count("invitations").await, 1);
}

#[tokio::test]
async fn the_answer_is_the_same_whether_the_address_has_an_account_or_not() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&other, "known@example.com", Role::Admin).await;
    let admin = world.admin_of(&acme);
    let mut answers = Vec::new();
    for email in ["known@example.com", "nobody@example.com"] {
        let invited = world.invite(&acme, email, Role::Viewer).await;
        let offer = look(&world, link_of(&invited)).await.expect(200);
        let again = admin.post("/api/v1/invitations", json!({ "email": email, "role": "viewer" })).await;
        let members = admin.get("/api/v1/members").await.expect(200);
        let told = format!("{invited} {offer} {} {members}", again.expect(409));
        let hidden = [invited["id"].as_str().unwrap(), token_of(link_of(&invited)), email];
        answers.push(hidden.iter().fold(told, |text, part| text.replace(part, "*")));
    }
    assert_eq!(answers[0], answers[1]);
    // Not even following the link tells: it proves no address, so the account that it makes is another.
    let listed = admin.get("/api/v1/invitations").await.expect(200);
    for invitation in listed["items"].as_array().unwrap() {
        let path = format!("/api/v1/invitations/{}/resend", invitation["id"].as_str().unwrap());
        let link = admin.post(&path, json!({ "delivery": "link" })).await.expect(200);
        world.follow(link_of(&link)).await.expect(200);
    }
}

#[tokio::test]
async fn an_inviter_who_follows_their_own_link_opens_nothing_of_anybody_else() {
    let world = World::new().await;
    let (evil, bank) = (world.db.org("evil").await, world.db.org("bank").await);
    let link = world.invite(&evil, "victim@example.com", Role::Member).await;
    world.follow(link_of(&link)).await.expect(200);

    // The bank invites the address; its person has an account of their own, or makes one.
    let theirs = world.invite(&bank, "victim@example.com", Role::Admin).await;
    assert_eq!(world.sign_in("victim@example.com", PASSWORD).await.problem(401), "invalid_credentials");
    let attacker = json!({ "email": "victim@example.com", "password": PASSWORD, "organization": "evil" });
    let attacker = Browser::of(&world, world.nobody.post("/api/v1/auth/sign-in", attacker).await);
    assert_eq!(attacker.me["user"]["email_verified"], false);
    let slugs: Vec<_> =
        attacker.me["organizations"].as_array().unwrap().iter().map(|org| &org["slug"]).collect();
    assert_eq!(slugs, ["evil"]);
    let mine = attacker.client.get("/api/v1/me/invitations").await.expect(200);
    assert_eq!(mine["items"], json!([]), "an address that is not proved has no invitations elsewhere");
    let accept = format!("/api/v1/me/invitations/{}/accept", theirs["id"].as_str().unwrap());
    assert_eq!(attacker.client.post(&accept, json!({})).await.problem(404), "not_found");
    let switch = json!({ "organization": "bank" });
    assert_eq!(attacker.client.post("/api/v1/me/organization", switch).await.problem(403), "no_membership");
    assert_eq!(bank.count("memberships").await, 1);

    // The address is still to be had by its person.
    world.person(&bank, "victim@example.com", Role::Viewer).await;
    let me = world.sign_in("victim@example.com", PASSWORD).await.expect(200);
    assert_eq!(me["organization"]["slug"], "bank");
    let elsewhere = json!({ "email": "victim@example.com", "password": PASSWORD, "organization": "bank" });
    let me = world.nobody.post("/api/v1/auth/sign-in", elsewhere).await.expect(200);
    assert_eq!(me["user"]["email_verified"], true);
}

#[tokio::test]
async fn a_person_with_an_account_accepts_by_themselves() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&acme, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    let invited = world.invite(&other, "jo@example.com", Role::Viewer).await;
    assert_eq!(other.count("memberships").await, 1, "nothing happens before it is accepted");
    let seen = world.admin_of(&other).get("/api/v1/invitations").await.expect(200).to_string();
    assert!(!seen.contains("last_sign_in_at") && !seen.contains("avatar"), "{seen}");

    let mine = browser.client.get("/api/v1/me/invitations").await.expect(200);
    assert_eq!(
        (&mine["items"][0]["organization"], &mine["items"][0]["role"]),
        (&json!("Other"), &json!("viewer"))
    );
    let accept = format!("/api/v1/me/invitations/{}/accept", invited["id"].as_str().unwrap());
    let accepted = browser.client.post(&accept, json!({})).await.expect(200);
    assert_eq!(accepted["organization"], "other");
    assert_eq!(browser.client.post(&accept, json!({})).await.problem(409), "invitation_ended");
    let me =
        browser.client.post("/api/v1/me/organization", json!({ "organization": "other" })).await.expect(200);
    assert_eq!(me["role"], "viewer");
    assert_eq!(browser.client.get("/api/v1/me/invitations").await.expect(200)["items"], json!([]));
    assert_eq!(world.follow(link_of(&invited)).await.problem(409), "invitation_ended");
}

#[tokio::test]
async fn an_invitation_is_declined_by_its_person_or_by_whoever_holds_the_link() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    world.person(&acme, "jo@example.com", Role::Admin).await;
    let browser = world.browser("jo@example.com").await;
    let (mine, handed) = (
        world.invite(&other, "jo@example.com", Role::Viewer).await,
        world.invite(&other, "al@example.com", Role::Viewer).await,
    );
    let decline = format!("/api/v1/me/invitations/{}/decline", mine["id"].as_str().unwrap());
    browser.client.post(&decline, json!({})).await.expect(204);
    let token = json!({ "token": token_of(link_of(&handed)) });
    world.nobody.post("/api/v1/auth/invitation/decline", token).await.expect(204);
    let listed = world.admin_of(&other).get("/api/v1/invitations").await.expect(200);
    let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["declined", "declined"]);
    assert_eq!(world.follow(link_of(&handed)).await.problem(409), "invitation_ended");
    world.invite(&other, "al@example.com", Role::Viewer).await;
}

/// Each state and what can happen in it, as the module's table says.
#[tokio::test]
async fn every_event_in_every_state_does_what_the_table_says() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let admin = world.admin_of(&org);
    let mut number = 0;
    for (state, resend, revoke, accept, decline) in [
        ("pending", 200, 204, 200, 204),
        ("expired", 200, 204, 409, 409),
        ("accepted", 409, 409, 409, 409),
        ("declined", 409, 409, 409, 409),
        ("revoked", 409, 409, 409, 409),
    ] {
        for (event, expected) in
            [("resend", resend), ("revoke", revoke), ("accept", accept), ("decline", decline)]
        {
            number += 1;
            let invited = world.invite(&org, &format!("jo{number}@example.com"), Role::Viewer).await;
            let (path, link) =
                (format!("/api/v1/invitations/{}", invited["id"].as_str().unwrap()), link_of(&invited));
            let token = json!({ "token": token_of(link) });
            match state {
                "expired" => world.db.clock.advance(TimeDelta::days(7)),
                "accepted" => drop(world.follow(link).await.expect(200)),
                "declined" => {
                    world.nobody.post("/api/v1/auth/invitation/decline", token.clone()).await.expect(204);
                }
                "revoked" => drop(admin.delete(&path).await.expect(204)),
                _ => {}
            }
            let shown = admin.get("/api/v1/invitations").await.expect(200)["items"][0]["state"].clone();
            assert_eq!(shown, state);
            let answer = match event {
                "resend" => admin.post(&format!("{path}/resend"), json!({})).await,
                "revoke" => admin.delete(&path).await,
                "accept" => world.follow(link).await,
                _ => world.nobody.post("/api/v1/auth/invitation/decline", token).await,
            };
            assert_eq!(answer.status.as_u16(), expected, "{state} {event}: {}", answer.body);
            if expected == 409 {
                assert_eq!(answer.body["code"], "invitation_ended", "{state} {event}");
            }
        }
    }
}

#[tokio::test]
async fn a_link_that_was_replaced_cut_off_or_made_up_opens_nothing() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let invited = world.invite(&org, "jo@example.com", Role::Admin).await;
    let path = format!("/api/v1/invitations/{}/resend", invited["id"].as_str().unwrap());
    let renewed = world.admin_of(&org).post(&path, json!({})).await.expect(200);
    let old = link_of(&invited);
    for link in
        [old, &old[..old.len() - 4], "/invitation#", "/invitation#AAAA", &format!("/x#{}", "A".repeat(86))]
    {
        assert_eq!(look(&world, link).await.problem(422), "invalid_link", "{link}");
        assert_eq!(world.follow(link).await.problem(422), "invalid_link", "{link}");
    }
    world.follow(link_of(&renewed)).await.expect(200);
}

#[tokio::test]
async fn of_two_who_follow_a_link_at_once_one_gets_in() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let invited = world.invite(&org, "jo@example.com", Role::Viewer).await;
    let (one, other) = tokio::join!(world.follow(link_of(&invited)), world.follow(link_of(&invited)));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(org.count("memberships").await, 2);
}

#[tokio::test]
async fn whoever_may_no_longer_invite_takes_their_invitations_along() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let mallory = world.person(&org, "mallory@example.com", Role::Admin).await;
    let browser = world.browser("mallory@example.com").await;
    let invite = async |email: &str| {
        let body = json!({ "email": email, "role": "admin" });
        browser.client.post("/api/v1/invitations", body).await.expect(201)
    };
    let (first, admin) = (invite("friend@example.com").await, world.admin_of(&org));
    let member = format!("/api/v1/members/{mallory}");
    admin.patch(&member, json!({ "role": "viewer" })).await.expect(200);
    assert_eq!(world.follow(link_of(&first)).await.problem(409), "invitation_ended");
    admin.patch(&member, json!({ "role": "admin" })).await.expect(200);
    let second = invite("friend@example.com").await;
    admin.delete(&member).await.expect(204);
    assert_eq!(world.follow(link_of(&second)).await.problem(409), "invitation_ended");
}

#[tokio::test]
async fn whoever_lost_the_right_to_invite_at_the_root_takes_their_invitations_along() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let mallory = world.person(&org, "mallory@example.com", Role::Viewer).await;
    let admin = world.admin_of(&org);
    let root = admin.get("/api/v1/nodes").await.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/members/{mallory}/nodes/{root}");
    admin.put(&path, json!({ "role": "admin" })).await.expect(200);
    let browser = world.browser("mallory@example.com").await;
    let body = json!({ "email": "friend@example.com", "role": "admin" });
    let invited = browser.client.post("/api/v1/invitations", body).await.expect(201);
    admin.delete(&path).await.expect(200);
    assert_eq!(world.follow(link_of(&invited)).await.problem(409), "invitation_ended");
    // Also when the row was not reached.
    world.sql("update invitations set revoked_at = null").await;
    assert_eq!(world.follow(link_of(&invited)).await.problem(409), "invitation_ended");
}

#[tokio::test]
async fn a_suspended_organization_admits_nobody() {
    let world = World::new().await;
    let org = world.db.org("acme").await;
    let invited = world.invite(&org, "jo@example.com", Role::Viewer).await;
    world.sql("update organizations set status = 'suspended'").await;
    assert_eq!(look(&world, link_of(&invited)).await.problem(403), "organization_suspended");
    assert_eq!(world.follow(link_of(&invited)).await.problem(403), "organization_suspended");
}

#[tokio::test]
async fn another_tenants_invitation_is_not_there() {
    let world = World::new().await;
    let (acme, other) = (world.db.org("acme").await, world.db.org("other").await);
    let path = format!(
        "/api/v1/invitations/{}",
        world.invite(&acme, "jo@example.com", Role::Viewer).await["id"].as_str().unwrap()
    );
    let stranger = world.admin_of(&other);
    assert_eq!(stranger.delete(&path).await.problem(404), "not_found");
    assert_eq!(stranger.post(&format!("{path}/resend"), json!({})).await.problem(404), "not_found");
    assert_eq!(stranger.get("/api/v1/invitations").await.expect(200)["items"], json!([]));
}
