use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kernel::Secret;
use serde_json::{Value, json};
use testkit::{TestOrg, start_of_time};
use uuid::Uuid;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::{SupabaseKeys, SupabaseOptions, test_keys::*};
use crate::{
    Options, Role,
    testing::{Browser, PASSWORD, World},
};

const ISSUER: &str = "https://project.supabase.co/auth/v1";
const SECRET: &str = "a secret of the project with enough characters";
const JWKS: &str = "/auth/v1/.well-known/jwks.json";

fn sub() -> Uuid {
    Uuid::from_u128(0x8d1f_4b0a_52c4_4f7c_9a65_0d9a_3d1c_2b11)
}

fn claims() -> Value {
    let now = start_of_time().timestamp();
    json!({ "iss": ISSUER, "aud": "authenticated", "sub": sub(), "iat": now, "exp": now + 3600,
        "email": "Jo@example.com", "role": "authenticated", "is_anonymous": false,
        "user_metadata": { "email_verified": true, "full_name": "Jo Doe", "avatar_url": "https://x.example/jo.png" } })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn hs256(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn signed(alg: Algorithm, kid: Option<&str>, private: &str, claims: &Value) -> String {
    let key = match alg {
        Algorithm::RS256 => EncodingKey::from_rsa_pem(private.as_bytes()),
        _ => EncodingKey::from_ec_pem(private.as_bytes()),
    };
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(alg) };
    encode(&header, claims, &key.unwrap()).unwrap()
}

fn es256(kid: &str, private: &str) -> String {
    signed(Algorithm::ES256, Some(kid), private, &claims())
}

fn ec_jwk(kid: &str, (x, y): (&str, &str)) -> Value {
    json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": x, "y": y })
}

fn rsa_jwk(kid: &str) -> Value {
    json!({ "kty": "RSA", "kid": kid, "n": RSA_MODULUS, "e": "AQAB" })
}

async fn world(keys: SupabaseKeys) -> (World, TestOrg) {
    let (issuer, audience) = (ISSUER.into(), "authenticated".into());
    let supabase = SupabaseOptions { issuer, audience, keys, publishable_key: None };
    let world = World::with(Options { supabase: Some(supabase), ..Options::default() }).await;
    let org = world.db.org("acme").await;
    (world, org)
}

async fn with_secret() -> (World, TestOrg) {
    world(SupabaseKeys::Secret(Secret::new(SECRET.into()))).await
}

/// A project that publishes these keys, and a server that knows its user.
async fn with_jwks(keys: Vec<Value>) -> (World, MockServer) {
    let project = MockServer::start().await;
    publish(&project, keys).await;
    let (world, org) = world(SupabaseKeys::Jwks(format!("{}{JWKS}", project.uri()).parse().unwrap())).await;
    world.without_password(&org, "jo@example.com").await;
    (world, project)
}

async fn publish(project: &MockServer, keys: Vec<Value>) {
    project.reset().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "keys": keys }));
    Mock::given(path(JWKS)).respond_with(answer).mount(project).await;
}

async fn asked(project: &MockServer) -> usize {
    project.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn a_person_made_without_a_password_is_bound_at_the_first_sign_in() {
    let (world, org) = with_secret().await;
    let invited = world.without_password(&org, "jo@example.com").await;
    world.db.clock.advance(TimeDelta::minutes(1));
    let body = json!({ "access_token": hs256(&claims()) });
    let browser = Browser::of(&world, world.nobody.post("/api/v1/auth/supabase", body).await);
    let user = json!({ "id": sub(), "email": "jo@example.com", "name": "Jo Doe", "avatar_url": "https://x.example/jo.png",
        "email_verified": true, "has_password": false });
    assert_eq!(browser.me["user"], user);
    assert_eq!(browser.client.get("/api/v1/me").await.expect(200), browser.me);

    let admin = world.admin_of(&org);
    let members = admin.get("/api/v1/members").await.expect(200);
    let jo = &members["items"][1];
    assert_eq!((&jo["user_id"], &jo["auth_provider"]), (&json!(sub()), &json!("supabase")));
    assert_eq!(jo["last_sign_in_at"], json!(start_of_time() + TimeDelta::minutes(1)));
    let audit = admin.get("/api/v1/audit?action=member.bound").await.expect(200);
    assert_eq!(audit["items"][0]["before"], json!({ "user_id": invited }));
    assert_eq!(audit["items"][0]["subject_id"], json!(sub()));
}

#[tokio::test]
async fn a_bound_user_is_known_by_id_whatever_the_email_says() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    world.bearer(&hs256(&claims())).get("/who").await.expect(200);
    let renamed = world.bearer(&hs256(&with("email", json!("new@example.com"))));
    assert_eq!(renamed.get("/api/v1/me").await.expect(200)["user"]["email"], "jo@example.com");
    let impostor = world.bearer(&hs256(&with("sub", json!(Uuid::from_u128(7)))));
    assert_eq!(impostor.get("/who").await.problem(403), "not_invited");
}

#[tokio::test]
async fn what_refers_to_a_person_follows_them() {
    let (world, org) = with_secret().await;
    let other = world.db.org("other").await;
    world.without_password(&org, "jo@example.com").await;
    world.without_password(&other, "jo@example.com").await;
    let mut tx = org.tx().await;
    let assigned = "insert into alerts (org_id, id, source, alert_type, severity, title, fingerprint, group_key, labels,
            annotations, raw_payload, status_changed_at, assigned_to, starts_at, received_at, last_seen_at, created_at,
            updated_at)
        select $1, gen_random_uuid(), 'x', 'x', 'low', 'x', 'x', 'x', '{}', '{}', '{}', now(), id, now(), now(), now(),
            now(), now()
        from users where email = 'jo@example.com'";
    sqlx::query(assigned).bind(org.id).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    world.bearer(&hs256(&claims())).get("/who").await.expect(200);
    let mut tx = org.tx().await;
    let has = "select assigned_to from alerts where org_id = $1";
    let has: Uuid = sqlx::query_scalar(has).bind(org.id).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(has, sub(), "the work that waited for them");
    drop(tx);
    let there = world.bearer(&hs256(&claims())).with_header("x-organization", "other");
    assert_eq!(there.get("/api/v1/me").await.expect(200)["organization"]["slug"], "other");
    for org in [&org, &other] {
        let audit = world.admin_of(org).get("/api/v1/audit?action=member.bound").await.expect(200);
        assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{}", org.slug);
    }
}

#[tokio::test]
async fn of_two_first_requests_at_once_both_get_in() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    let client = world.bearer(&hs256(&claims()));
    let (one, other) = tokio::join!(client.get("/who"), client.get("/who"));
    assert_eq!(one.expect(200), other.expect(200));
    assert_eq!(org.count("memberships").await, 2);
}

#[tokio::test]
async fn who_was_not_invited_gets_nothing() {
    let (world, org) = with_secret().await;
    let refused = async |claims: Value| {
        let body = json!({ "access_token": hs256(&claims) });
        assert_eq!(
            world.nobody.post("/api/v1/auth/supabase", body).await.problem(403),
            "not_invited",
            "{claims}"
        );
        assert_eq!(world.bearer(&hs256(&claims)).get("/who").await.problem(403), "not_invited", "{claims}");
    };
    refused(claims()).await;
    world.without_password(&org, "jo@example.com").await;
    refused(with("email_verified", json!(false))).await;
    refused(with("user_metadata", json!({ "email_verified": false }))).await;
    refused(with("is_anonymous", json!(true))).await;
    refused(with("email", json!("somebody@example.com"))).await;
    refused(with("email", json!(null))).await;
    refused(with("email", json!("no address"))).await;
}

#[tokio::test]
async fn an_account_with_a_password_is_not_taken_over_by_its_email() {
    let (world, org) = with_secret().await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    assert_eq!(world.bearer(&hs256(&claims())).get("/who").await.problem(403), "not_invited");
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_inactive_person_or_a_suspended_organization_is_refused() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    let client = world.bearer(&hs256(&claims()));
    client.get("/who").await.expect(200);
    world.sql("update memberships set status = 'inactive' where role = 'member'").await;
    assert_eq!(client.get("/who").await.problem(403), "user_inactive");
    world.sql("update memberships set status = 'active'").await;
    world.sql("update organizations set status = 'suspended'").await;
    assert_eq!(client.get("/who").await.problem(403), "organization_suspended");
    world.sql("update organizations set status = 'active'").await;
    world.sql("update users set status = 'inactive'").await;
    assert_eq!(client.get("/who").await.problem(403), "user_inactive");
}

#[tokio::test]
async fn each_jwt_counts_as_one_sign_in() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    let admin = world.admin_of(&org);
    let last = async || admin.get("/api/v1/members").await.expect(200)["items"][1]["last_sign_in_at"].clone();
    let client = world.bearer(&hs256(&claims()));
    world.db.clock.advance(TimeDelta::minutes(1));
    client.get("/who").await.expect(200);
    world.db.clock.advance(TimeDelta::minutes(1));
    client.get("/who").await.expect(200);
    assert_eq!(last().await, json!(start_of_time() + TimeDelta::minutes(1)));
    let refreshed = with("iat", json!((start_of_time() + TimeDelta::minutes(2)).timestamp()));
    world.bearer(&hs256(&refreshed)).get("/who").await.expect(200);
    assert_eq!(last().await, json!(start_of_time() + TimeDelta::minutes(2)));
}

#[tokio::test]
async fn a_jwt_that_is_wrong_anywhere_is_refused() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    let now = start_of_time().timestamp();
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        hs256(&claims)
    };
    let check = async |jwt: String, code: &str, what: &str| {
        assert_eq!(world.bearer(&jwt).get("/who").await.problem(401), code, "{what}");
        let body = json!({ "access_token": jwt });
        assert_eq!(world.nobody.post("/api/v1/auth/supabase", body).await.problem(401), code, "{what}");
    };
    check(hs256(&with("exp", json!(now - 31))), "token_expired", "expired").await;
    check(hs256(&with("nbf", json!(now + 31))), "invalid_token", "not yet valid").await;
    check(hs256(&with("aud", json!("anon"))), "invalid_token", "another audience").await;
    check(hs256(&with("aud", json!(["anon", "other"]))), "invalid_token", "other audiences").await;
    check(hs256(&with("iss", json!("https://evil.supabase.co/auth/v1"))), "invalid_token", "another issuer")
        .await;
    check(hs256(&with("sub", json!("jo"))), "invalid_token", "a sub that is no UUID").await;
    check(hs256(&with("exp", json!("tomorrow"))), "invalid_token", "an exp that is no number").await;
    for name in ["exp", "aud", "iss", "sub"] {
        check(without(name), "invalid_token", name).await;
    }
    let foreign = EncodingKey::from_secret(b"another secret of another project");
    check(encode(&Header::new(Algorithm::HS256), &claims(), &foreign).unwrap(), "invalid_token", "foreign")
        .await;
    let mut tampered: Vec<String> = hs256(&claims()).split('.').map(str::to_owned).collect();
    tampered[1] = URL_SAFE_NO_PAD.encode(with("sub", json!(Uuid::from_u128(7))).to_string());
    check(tampered.join("."), "invalid_token", "tampered").await;
    check(hs256(&with("more", json!("x".repeat(20_000)))), "invalid_token", "too long").await;
    for taken in [
        with("exp", json!(now - 29)),
        with("nbf", json!(now + 29)),
        with("aud", json!(["x", "authenticated"])),
    ] {
        world.bearer(&hs256(&taken)).get("/who").await.expect(200);
    }
}

#[tokio::test]
async fn the_jwt_does_not_choose_how_it_is_checked() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    let secret = EncodingKey::from_secret(SECRET.as_bytes());
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let unsigned = |alg: &str| format!("{}.{}.", part(json!({ "alg": alg, "typ": "JWT" })), part(claims()));
    for jwt in [
        unsigned("none"),
        unsigned("None"),
        unsigned("HS256"),
        encode(&Header::new(Algorithm::HS512), &claims(), &secret).unwrap(),
        es256("a", EC_PRIVATE),
        signed(Algorithm::RS256, Some("r"), RSA_PRIVATE, &claims()),
    ] {
        assert_eq!(world.bearer(&jwt).get("/who").await.problem(401), "invalid_token", "{jwt}");
    }
}

#[tokio::test]
async fn a_public_key_is_never_a_secret() {
    let (world, project) = with_jwks(vec![ec_jwk("a", EC_PUBLIC), rsa_jwk("r")]).await;
    let modulus = URL_SAFE_NO_PAD.decode(RSA_MODULUS).unwrap();
    for secret in [modulus.as_slice(), RSA_MODULUS.as_bytes(), EC_PUBLIC.0.as_bytes(), b""] {
        for kid in ["r", "a"] {
            let header = Header { kid: Some(kid.into()), ..Header::new(Algorithm::HS256) };
            let jwt = encode(&header, &claims(), &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(world.bearer(&jwt).get("/who").await.problem(401), "invalid_token");
        }
    }
    assert_eq!(asked(&project).await, 0, "an algorithm that is not taken needs no key");
}

#[tokio::test]
async fn a_published_key_signs_for_its_own_algorithm() {
    let symmetric = json!({ "kty": "oct", "kid": "s", "k": URL_SAFE_NO_PAD.encode(SECRET) });
    let for_encryption =
        json!({ "kty": "EC", "crv": "P-256", "use": "enc", "kid": "e", "x": EC_PUBLIC.0, "y": EC_PUBLIC.1 });
    let unheard_of = json!({ "kty": "XYZ", "kid": "u" });
    let keys = vec![unheard_of, symmetric, for_encryption, ec_jwk("a", EC_PUBLIC), rsa_jwk("r"), json!(5)];
    let (world, _project) = with_jwks(keys).await;
    let check = async |jwt: String, status: u16| {
        assert_eq!(world.bearer(&jwt).get("/who").await.status.as_u16(), status, "{jwt}");
    };
    check(es256("a", EC_PRIVATE), 200).await;
    check(signed(Algorithm::RS256, Some("r"), RSA_PRIVATE, &claims()), 200).await;
    check(signed(Algorithm::RS256, Some("a"), RSA_PRIVATE, &claims()), 401).await;
    check(es256("r", EC_PRIVATE), 401).await;
    check(es256("e", EC_PRIVATE), 401).await;
    check(es256("a", NEXT_EC_PRIVATE), 401).await;
    check(signed(Algorithm::ES256, None, EC_PRIVATE, &claims()), 401).await;
    let header = Header { kid: Some("s".into()), ..Header::new(Algorithm::HS256) };
    check(encode(&header, &claims(), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap(), 401).await;
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_when_the_project_rotates() {
    let (world, project) = with_jwks(vec![ec_jwk("a", EC_PUBLIC)]).await;
    for _ in 0..3 {
        world.bearer(&es256("a", EC_PRIVATE)).get("/who").await.expect(200);
    }
    assert_eq!(asked(&project).await, 1);
    publish(&project, vec![ec_jwk("b", NEXT_EC_PUBLIC)]).await;
    let rotated = world.bearer(&es256("b", NEXT_EC_PRIVATE));
    assert_eq!(rotated.get("/who").await.problem(401), "invalid_token");
    assert_eq!(asked(&project).await, 0, "it is asked at most every 30 seconds");
    world.db.clock.advance(TimeDelta::seconds(30));
    rotated.get("/who").await.expect(200);
    assert_eq!(world.bearer(&es256("a", EC_PRIVATE)).get("/who").await.problem(401), "invalid_token");
    assert_eq!(asked(&project).await, 1);
}

#[tokio::test]
async fn a_withdrawn_key_is_forgotten_after_ten_minutes() {
    let (world, project) = with_jwks(vec![ec_jwk("a", EC_PUBLIC)]).await;
    let client = world.bearer(&es256("a", EC_PRIVATE));
    client.get("/who").await.expect(200);
    publish(&project, vec![]).await;
    world.db.clock.advance(TimeDelta::minutes(9));
    client.get("/who").await.expect(200);
    world.db.clock.advance(TimeDelta::minutes(1));
    assert_eq!(client.get("/who").await.problem(401), "invalid_token");
}

#[tokio::test]
async fn known_keys_work_while_the_project_cannot_be_reached() {
    let (world, project) = with_jwks(vec![ec_jwk("a", EC_PUBLIC)]).await;
    let client = world.bearer(&es256("a", EC_PRIVATE));
    client.get("/who").await.expect(200);
    project.reset().await;
    world.db.clock.advance(TimeDelta::minutes(11));
    client.get("/who").await.expect(200);
    world.db.clock.advance(TimeDelta::minutes(1));
    assert_eq!(world.bearer(&es256("b", NEXT_EC_PRIVATE)).get("/who").await.problem(503), "unavailable");
}

#[tokio::test]
async fn a_jwt_is_refused_when_supabase_is_not_set_up() {
    let world = World::new().await;
    assert_eq!(world.bearer(&hs256(&claims())).get("/who").await.problem(401), "invalid_token");
    let body = json!({ "access_token": hs256(&claims()) });
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", body).await.problem(401), "invalid_token");
}

fn jwt() -> Value {
    json!({ "access_token": hs256(&claims()) })
}

#[tokio::test]
async fn an_invited_user_accepts_before_they_get_in() {
    let (world, org) = with_secret().await;
    let invitation = world.invite(&org, "jo@example.com", Role::Engineer).await;
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", jwt()).await.problem(403), "invitation_pending");
    assert_eq!(world.bearer(&hs256(&claims())).get("/who").await.problem(403), "invitation_pending");
    assert_eq!(org.count("memberships").await, 1);

    let pending = world.nobody.post("/api/v1/auth/supabase/invitations", jwt()).await.expect(200);
    assert_eq!(pending["items"][0]["organization"], "Acme");
    assert_eq!(pending["items"][0]["id"], invitation["id"]);
    let mut accept = jwt();
    accept["accept"] = invitation["id"].clone();
    let me = Browser::of(&world, world.nobody.post("/api/v1/auth/supabase", accept.clone()).await).me;
    assert_eq!((&me["user"]["id"], &me["role"]), (&json!(sub()), &json!("engineer")));
    assert_eq!(me["user"]["email_verified"], true);
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", accept).await.problem(409), "invitation_ended");
    world.bearer(&hs256(&claims())).get("/who").await.expect(200);
}

#[tokio::test]
async fn nobody_accepts_an_invitation_of_another_address() {
    let (world, org) = with_secret().await;
    let other = world.invite(&org, "somebody@example.com", Role::Admin).await;
    let mut accept = jwt();
    accept["accept"] = other["id"].clone();
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", accept.clone()).await.problem(404), "not_found");
    let unproven = with("email_verified", json!(false));
    accept["access_token"] = json!(hs256(&unproven));
    accept["accept"] = world.invite(&org, "jo@example.com", Role::Admin).await["id"].clone();
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", accept).await.problem(404), "not_found");
    let pending = json!({ "access_token": hs256(&unproven) });
    let pending = world.nobody.post("/api/v1/auth/supabase/invitations", pending).await.expect(200);
    assert_eq!(pending["items"], json!([]));
}

#[tokio::test]
async fn a_user_who_is_known_accepts_another_organization() {
    let (world, org) = with_secret().await;
    world.without_password(&org, "jo@example.com").await;
    world.bearer(&hs256(&claims())).get("/who").await.expect(200);
    let other = world.db.org("other").await;
    let invitation = world.invite(&other, "jo@example.com", Role::Viewer).await;
    let mut accept = jwt();
    accept["accept"] = invitation["id"].clone();
    let me = world.nobody.post("/api/v1/auth/supabase", accept).await.expect(200);
    assert_eq!((&me["organization"]["slug"], &me["role"]), (&json!("other"), &json!("viewer")));
}

#[tokio::test]
async fn an_address_with_a_password_is_not_taken_by_accepting() {
    let (world, org) = with_secret().await;
    world.person(&org, "jo@example.com", Role::Admin).await;
    let other = world.db.org("other").await;
    let invitation = world.invite(&other, "jo@example.com", Role::Viewer).await;
    let mut accept = jwt();
    accept["accept"] = invitation["id"].clone();
    assert_eq!(world.nobody.post("/api/v1/auth/supabase", accept).await.problem(409), "account_exists");
    world.sign_in("jo@example.com", PASSWORD).await.expect(200);
}
