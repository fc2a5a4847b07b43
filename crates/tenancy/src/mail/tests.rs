//! Mail as its people get it, through a real server.

use chrono::TimeDelta;
use kernel::Secret;
use messengers::email;
use serde_json::{Value, json};
use testkit::{
    TestOrg,
    mail::{MailServer, Setup},
};

use crate::{
    Options, Role,
    testing::{Browser, PASSWORD, World, token_of},
};

const NEW: &str = "an entirely different one";

/// A server that sends mail, and where its mail goes.
struct Mailing {
    world: World,
    server: MailServer,
    org: TestOrg,
}

impl Mailing {
    async fn new() -> Self {
        let server = MailServer::start(Setup::default()).await;
        let from = email::Server::from_url(&server.url()).unwrap();
        let mail = email::Sending {
            client: email::Client::new(from, email::Egress::Trusted).unwrap(),
            sender: "Steward <steward@acme.example>".parse().unwrap(),
        };
        let public_url = Some("https://steward.acme.example/".parse().unwrap());
        let world = World::with(Options { public_url, mail: Some(mail), ..Options::default() }).await;
        let org = world.db.org("acme").await;
        Self { world, server, org }
    }

    async fn invite(&self, email: &str) -> Value {
        let invitation = json!({ "email": email, "role": "member" });
        self.world.admin_of(&self.org).post("/api/v1/invitations", invitation).await.expect(201)
    }

    async fn invitations(&self) -> Value {
        self.world.admin_of(&self.org).get("/api/v1/invitations").await.expect(200)["items"].clone()
    }

    /// Works off what is due; the text of the `number`th mail.
    async fn mail(&self, number: usize) -> String {
        self.world.settle().await;
        let mails = self.server.received(number).await;
        mails[number - 1].message().body_text(0).unwrap().into_owned()
    }
}

/// The link in a mail.
#[track_caller]
fn link(text: &str) -> &str {
    text.split_whitespace().find(|word| word.contains('#')).expect("a link")
}

#[tokio::test]
async fn an_invitation_goes_by_mail_and_its_link_proves_the_address() {
    let mailing = Mailing::new().await;
    let invited = mailing.invite("Jo@Example.com").await;
    assert_eq!(
        (&invited["delivery"], &invited["link"]),
        (&json!("mail"), &Value::Null),
        "the inviter sees no link"
    );
    let text = mailing.mail(1).await;
    let mail = &mailing.server.received(1).await[0];
    assert_eq!(mail.to, ["jo@example.com"]);
    assert_eq!(mail.message().subject(), Some("Invitation to Acme"));
    assert_eq!(mail.message().header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert!(link(&text).starts_with("https://steward.acme.example/invitation#"), "{text}");
    assert!(mailing.invitations().await[0]["sent_at"].is_string());

    let entered = Browser::of(&mailing.world, mailing.world.follow(link(&text)).await);
    assert_eq!(entered.me["user"]["email_verified"], true);
    let other = mailing.world.db.org("other").await;
    mailing.world.join(&other, "jo@example.com", Role::Viewer).await;
    let me = mailing.world.sign_in("jo@example.com", PASSWORD).await.expect(200);
    assert_eq!(me["organizations"].as_array().unwrap().len(), 2, "it is her account everywhere");
}

#[tokio::test]
async fn somebody_who_left_their_last_organization_comes_back_with_the_account_they_have() {
    let mailing = Mailing::new().await;
    let world = &mailing.world;
    let jo = world.person(&mailing.org, "jo@example.com", Role::Member).await;
    world.admin_of(&mailing.org).delete(&format!("/api/v1/members/{jo}")).await.expect(204);
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(403), "no_membership");
    mailing.invite("jo@example.com").await;
    let invitation = mailing.mail(1).await;
    let accept = async |password: &str| {
        let body = json!({ "token": token_of(link(&invitation)), "password": password });
        world.nobody.post("/api/v1/auth/invitation/accept", body).await
    };
    assert_eq!(accept(NEW).await.problem(409), "account_exists");
    // A forgotten password can be mended before there is a membership again.
    world.nobody.post("/api/v1/auth/password-reset", json!({ "email": "jo@example.com" })).await.expect(202);
    let reset = mailing.mail(2).await;
    let set = json!({ "token": token_of(link(&reset)), "password": NEW });
    world.nobody.post("/api/v1/auth/password", set).await.expect(200);
    let me = accept(NEW).await.expect(200);
    assert_eq!((&me["user"]["id"], &me["role"]), (&json!(jo), &json!("member")));
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_has_another_link_and_the_old_one_ends() {
    let mailing = Mailing::new().await;
    let id = mailing.invite("jo@example.com").await["id"].clone();
    let first = mailing.mail(1).await;
    let path = format!("/api/v1/invitations/{}/resend", id.as_str().unwrap());
    mailing.world.admin_of(&mailing.org).post(&path, json!({})).await.expect(200);
    let second = mailing.mail(2).await;
    assert_eq!(mailing.world.follow(link(&first)).await.problem(422), "invalid_link");
    mailing.world.follow(link(&second)).await.expect(200);
}

#[tokio::test]
async fn a_link_that_was_handed_over_is_handed_over_again() {
    let mailing = Mailing::new().await;
    let invited = mailing.world.invite(&mailing.org, "jo@example.com", Role::Member).await;
    let path = format!("/api/v1/invitations/{}/resend", invited["id"].as_str().unwrap());
    let again = mailing.world.admin_of(&mailing.org).post(&path, json!({})).await.expect(200);
    assert_eq!(again["delivery"], "link", "{again}");
}

#[tokio::test]
async fn what_the_mail_server_says_is_seen_by_the_inviter() {
    let mailing = Mailing::new().await;
    mailing.invite("550-no-such-user@example.com").await;
    mailing.world.settle().await;
    let invitation = mailing.invitations().await[0].clone();
    assert_eq!((&invitation["state"], &invitation["sent_at"]), (&json!("pending"), &Value::Null));
    assert!(invitation["send_error"].as_str().unwrap().contains("550"), "{invitation}");
}

#[tokio::test]
async fn a_mail_that_is_tried_again_is_the_same_mail() {
    let mailing = Mailing::new().await;
    mailing.invite("jo@example.com").await;
    let first = mailing.mail(1).await;
    // As if the server had died between the mail and its record: the job is there once more.
    mailing.world.sql("update invitations set sent_at = null").await;
    mailing
        .world
        .again("send_invitation", json!({ "invitation_id": mailing.invitations().await[0]["id"] }))
        .await;
    let second = mailing.mail(2).await;
    let mails = mailing.server.received(2).await;
    let ids: Vec<_> = mails.iter().map(|mail| mail.message().message_id().unwrap().to_owned()).collect();
    assert_eq!((ids[0].as_str(), &mails[0].content), (ids[1].as_str(), &mails[1].content));
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_by_whoever_reads_the_mail() {
    let mailing = Mailing::new().await;
    let world = &mailing.world;
    world.person(&mailing.org, "jo@example.com", Role::Viewer).await;
    let before = world.browser("jo@example.com").await;
    for email in ["nobody@example.com", "jo@example.com"] {
        let asked = world.nobody.post("/api/v1/auth/password-reset", json!({ "email": email })).await;
        assert_eq!(asked.expect(202), Value::Null, "the answer does not tell whether there is an account");
    }
    let text = mailing.mail(1).await;
    assert_eq!(mailing.server.received(1).await.len(), 1, "nobody's address gets none");
    let set = json!({ "token": token_of(link(&text)), "password": NEW });
    world.nobody.post("/api/v1/auth/password", set.clone()).await.expect(200);
    assert_eq!(before.client.get("/api/v1/me").await.problem(401), "session_expired");
    assert_eq!(world.sign_in("jo@example.com", PASSWORD).await.problem(401), "invalid_credentials");
    world.sign_in("jo@example.com", NEW).await.expect(200);
    assert_eq!(world.nobody.post("/api/v1/auth/password", set).await.problem(422), "invalid_link", "once");
}

#[tokio::test]
async fn nobody_s_mailbox_is_flooded() {
    let mailing = Mailing::new().await;
    mailing.world.person(&mailing.org, "jo@example.com", Role::Viewer).await;
    for host in 0..40 {
        let asked = json!({ "email": "jo@example.com" });
        let client = mailing.world.at(&format!("203.0.113.{host}"));
        let asked = client.post("/api/v1/auth/password-reset", asked).await;
        assert_eq!(asked.status, 202, "{host}: {}", asked.body);
    }
    mailing.mail(1).await;
    let mails = mailing.server.received(1).await.len();
    assert!(mails <= 5, "{mails} mails");
}

#[tokio::test]
async fn a_mail_proves_an_address_and_discards_what_opened_the_account_before() {
    let mailing = Mailing::new().await;
    let world = &mailing.world;
    let invited = world.invite(&mailing.org, "jo@example.com", Role::Member).await;
    // The inviter follows the link that they saw, and chooses the password.
    let inviter = Browser::of(world, world.follow(invited["link"].as_str().unwrap()).await);
    assert_eq!(inviter.me["user"]["email_verified"], false);
    let asked = json!({ "email": "jo@example.com", "organization": "acme" });
    world.nobody.post("/api/v1/auth/password-reset", asked).await.expect(202);
    let text = mailing.mail(1).await;
    let set = json!({ "token": token_of(link(&text)), "password": NEW });
    let merged = world.nobody.post("/api/v1/auth/password", set).await.expect(200)["merged"].clone();
    assert_eq!(merged, false);
    assert_eq!(inviter.client.get("/api/v1/me").await.problem(401), "session_expired");
    let me = world.sign_in("jo@example.com", NEW).await.expect(200);
    assert_eq!(me["user"]["email_verified"], true);
}

#[tokio::test]
async fn no_mail_and_no_job_keeps_a_link() {
    let mailing = Mailing::new().await;
    mailing.invite("jo@example.com").await;
    let mut tx = mailing.org.tx().await;
    let jobs: Vec<Value> = sqlx::query_scalar("select args from jobs").fetch_all(tx.conn()).await.unwrap();
    let stored: Vec<Value> =
        sqlx::query_scalar("select to_jsonb(i) from invitations i").fetch_all(tx.conn()).await.unwrap();
    drop(tx);
    let text = mailing.mail(1).await;
    let secret = Secret::new(token_of(link(&text)).to_owned());
    assert_eq!((jobs.len(), stored.len()), (1, 1));
    for row in jobs.iter().chain(&stored) {
        assert!(!row.to_string().contains(secret.expose()), "{row}");
    }
}

#[tokio::test]
async fn a_process_without_mail_leaves_mails_to_one_that_has_it() {
    let mailing = Mailing::new().await;
    let world = &mailing.world;
    world.person(&mailing.org, "al@example.com", Role::Viewer).await;
    mailing.invite("jo@example.com").await;
    world.nobody.post("/api/v1/auth/password-reset", json!({ "email": "al@example.com" })).await.expect(202);
    world.deps.afterwards.close();
    world.deps.afterwards.wait().await;
    let mute = World::beside_with(world, Options::default());
    mute.settle().await;
    let jobs = mailing.org.count("jobs").await;
    assert_eq!((jobs, mailing.org.count("dead_letters").await), (2, 0), "both wait");
    world.db.clock.advance(TimeDelta::minutes(1));
    world.settle().await;
    let mut to: Vec<_> = mailing.server.received(2).await.iter().map(|mail| mail.to[0].clone()).collect();
    to.sort();
    assert_eq!(to, ["al@example.com", "jo@example.com"]);
    assert_eq!(mailing.invitations().await[0]["send_error"], Value::Null);
}
