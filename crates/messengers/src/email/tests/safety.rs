//! Whom a client trusts, and where it goes.

use std::time::Duration;

use platform::outbound::{Outbound, Policy};
use testkit::mail::{Protection, Setup};

use super::{
    super::{Login, Security},
    Client, Egress, Server, give_up, message_to, noon, retry, running, send, sender,
};

#[tokio::test]
async fn a_certificate_must_be_trusted_and_for_the_server() {
    for protection in [Protection::Tls, Protection::StartTls] {
        let (server, settings) = running(Setup { protection, ..Setup::default() }).await;
        let message = message_to("jo@example.com");
        let stranger = Server { extra_ca: None, ..settings.clone() };
        retry(
            send(stranger, &message).await,
            &["the TLS certificate of 127.0.0.1:", "is not trusted", "UnknownIssuer"],
        );
        let by_name = Server { host: "localhost".into(), ..settings.clone() };
        send(by_name, &message).await.unwrap();
        assert_eq!(server.received(1).await.len(), 1);

        let (_server, settings) =
            running(Setup { protection, names: &["other.example"], ..Setup::default() }).await;
        retry(send(settings, &message).await, &["is not trusted", "not valid for name"]);
    }
}

#[tokio::test]
async fn tls_that_is_asked_for_is_never_done_without() {
    let (server, settings) = running(Setup::default()).await;
    let with = |security| Server { security, extra_ca: Some(server.ca().to_owned()), ..settings.clone() };
    let message = message_to("jo@example.com");
    retry(send(with(Security::StartTls), &message).await, &["offers no TLS (STARTTLS)", "nothing is sent"]);
    retry(send(with(Security::Tls), &message).await, &["does not speak TLS here", "smtps://"]);
}

#[test]
fn a_password_crosses_no_network_in_the_clear() {
    let server = |host: &str| Server {
        host: host.to_owned(),
        credentials: Some(Login { user: "steward".into(), password: "canary".to_owned().into() }),
        ..Server::from_url("smtp://localhost?tls=none").unwrap()
    };
    for (host, taken) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("::1", true),
        ("10.0.0.5", false),
        ("mail.example", false),
    ] {
        assert_eq!(Client::new(server(host), Egress::Trusted).is_ok(), taken, "{host}");
    }
}

#[test]
fn an_extra_authority_must_be_one() {
    for (pem, words) in
        [("", "holds no certificate"), ("-----BEGIN CERTIFICATE-----\n!", "no certificate in PEM")]
    {
        let server =
            Server { extra_ca: Some(pem.to_owned()), ..Server::from_url("smtps://mail.example").unwrap() };
        let error = Client::new(server, Egress::Trusted).err().unwrap().to_string();
        assert!(error.contains(words), "{pem:?}: {error}");
    }
}

#[tokio::test]
async fn a_customers_server_is_reached_only_where_customers_may_go() {
    let (server, settings) = running(Setup { protection: Protection::StartTls, ..Setup::default() }).await;
    let through = async |allowed: &str, host: &str| {
        let policy = Policy { allowed: vec![allowed.to_owned()] };
        let egress = Egress::Guarded(Outbound::new(policy, Duration::from_secs(1)).unwrap());
        let client = Client::new(Server { host: host.to_owned(), ..settings.clone() }, egress).unwrap();
        client.send(&sender(), &message_to("jo@example.com"), noon()).await
    };
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1"] {
        give_up(through("other.example", host).await, &[host, "private network", "--egress-allow"]);
    }
    give_up(through("127.0.0.1:25", "127.0.0.1").await, &["private network"]);
    // The name is checked as an address and still stands in the certificate.
    through(&format!("127.0.0.1:{}", server.port()), "127.0.0.1").await.unwrap();
    through("localhost", "localhost").await.unwrap();
    assert_eq!(server.received(2).await.len(), 2);
}
