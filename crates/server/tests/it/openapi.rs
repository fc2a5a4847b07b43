//! The committed document is what the code says.

use std::{collections::BTreeSet, fs, io::Read, path::Path};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use server::{
    http::{document_parts, event_catalogue, router},
    process::compose,
};
use tower::ServiceExt;

use crate::product::TestProduct;

#[tokio::test]
async fn the_committed_parts_are_the_document() {
    let document = router::openapi(&compose::disconnected().unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    let parts = document_parts::parts(&document).unwrap();
    let names: BTreeSet<_> = parts.keys().map(|name| format!("{name}.json")).collect();
    let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let advice = "openapi/ is out of date: run `make openapi` and commit it";
    assert_eq!(files.collect::<BTreeSet<_>>(), names, "{advice}");
    let mut whole = json!({});
    for (name, part) in &parts {
        let committed = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        assert!(committed == document_parts::text(part).unwrap(), "{name}: {advice}");
        merge(&mut whole, part);
    }
    assert!(whole == serde_json::to_value(&document).unwrap(), "the parts are not the whole");
}

fn merge(into: &mut Value, part: &Value) {
    match (into, part) {
        (Value::Object(into), Value::Object(part)) => {
            for (name, value) in part {
                merge(into.entry(name).or_insert(json!({})), value);
            }
        }
        (into, part) => *into = part.clone(),
    }
}

#[tokio::test]
async fn the_page_of_events_is_up_to_date() {
    let written = event_catalogue::page(&compose::disconnected().unwrap().events);
    let committed = include_str!("../../../../docs/events.md");
    assert!(written == committed, "docs/events.md is out of date: run `make openapi` and commit it");
}

#[tokio::test]
async fn every_kind_of_event_is_a_webhook_with_a_payload_and_a_permission_that_there_is() {
    let product = compose::disconnected().unwrap();
    let document = serde_json::to_value(router::openapi(&product)).unwrap();
    let known: Vec<_> = product.permissions.iter().map(|permission| permission.name).collect();
    let webhooks = document["webhooks"].as_object().unwrap();
    assert!(webhooks.len() > 55, "{}", webhooks.len());
    for (kind, webhook) in webhooks {
        assert!(kind.rsplit_once(".v").is_some_and(|(_, version)| version.parse::<u8>().is_ok()), "{kind}");
        let operation = &webhook["post"];
        assert!(known.contains(&operation["x-permission"]["name"].as_str().unwrap()), "{kind}");
        let body = &operation["requestBody"]["content"]["application/json"]["schema"]["allOf"];
        assert_eq!(body[0]["$ref"], "#/components/schemas/Event", "{kind}");
        assert!(body[1]["properties"]["payload"].is_object(), "{kind}");
    }
}

#[tokio::test]
async fn no_two_shapes_share_a_name() {
    let product = compose::disconnected().unwrap();
    let mut named: Vec<_> =
        product.api.clone().to_openapi().components.unwrap().schemas.into_iter().collect();
    product.events.iter().for_each(|declared| (declared.parts)(&mut named));
    let mut shapes = std::collections::BTreeMap::new();
    for (name, shape) in named {
        let shape = serde_json::to_value(shape).unwrap();
        let known = shapes.entry(name.clone()).or_insert_with(|| shape.clone());
        assert_eq!(*known, shape, "{name}");
    }
}

#[tokio::test]
async fn every_operation_has_an_id_a_summary_and_a_tag() {
    let product = compose::disconnected().unwrap();
    let document = serde_json::to_value(router::openapi(&product)).unwrap();
    let permissions: Vec<_> = product.permissions.iter().map(|permission| Some(permission.name)).collect();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no id"));
            assert!(ids.insert(id.to_owned()), "{name}: the id {id} is taken");
            let summary = operation["summary"].as_str().unwrap_or_else(|| panic!("{name} says nothing"));
            let title =
                summary.len() <= 60 && summary.starts_with(char::is_uppercase) && !summary.ends_with('.');
            assert!(title, "{name}: the first line of a handler's docs is a title: {summary:?}");
            let verb = summary.split(' ').next().unwrap_or_default();
            assert!(
                !verb.ends_with('s'),
                "{name}: a title tells what to do, as in \"Get an alert\": {summary:?}"
            );
            assert!(operation["responses"]["4XX"].is_object(), "{name} is not of `platform::routes!`");
            assert!(
                operation["x-permission"].is_null()
                    || permissions.contains(&operation["x-permission"]["name"].as_str()),
                "{name}"
            );
            assert!(operation["tags"][0].is_string(), "{name} has no tag");
        }
    }
    assert!(ids.len() > 60, "{}", ids.len());
}

#[tokio::test]
async fn the_document_is_sent_packed_to_who_takes_that() {
    let product = TestProduct::new().await;
    let written = serde_json::to_vec(&router::openapi(&product.product)).unwrap();
    let check = async |accepted: &str, packed: bool| {
        let request = Request::get("/openapi.json").header(header::ACCEPT_ENCODING, accepted);
        let answer = product.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(answer.headers()[header::VARY], "accept-encoding");
        assert_eq!(answer.headers().contains_key(header::CONTENT_ENCODING), packed, "{accepted:?}");
        // Of a known length: what is packed while it is sent has none.
        assert!(answer.headers().contains_key(header::CONTENT_LENGTH), "{accepted:?}");
        let mut sent = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
        if packed {
            let mut plain = Vec::new();
            GzDecoder::new(&sent[..]).read_to_end(&mut plain).unwrap();
            sent = plain;
        }
        assert!(sent == written, "{accepted:?}");
    };
    check("gzip", true).await;
    check("br, GZIP;q=1.0, *", true).await;
    check("identity", false).await;
    check("gzip;q=0", false).await;
}

/// A cursor's text is its reader's own matter, and times come from anybody: what no list gives and nothing can store is refused.
#[tokio::test]
async fn no_list_fails_over_a_cursor_or_a_time_that_nobody_gave() {
    let product = TestProduct::new().await;
    let admin = product.member("acme", "admin").await.client;
    let document = serde_json::to_value(router::openapi(&product.product)).unwrap();
    let id = uuid::Uuid::from_u128(7);
    let cursors = [
        json!(["-200000-01-01T00:00:00Z", id]),
        json!(["+200000-01-01T00:00:00Z", id]),
        json!([[id, "-200000-01-01T00:00:00Z"], id]),
        json!(["\0", id]),
        json!("\0"),
        json!(i64::MAX),
        json!([i64::MIN, id]),
    ];
    let cursors = cursors.map(|key| URL_SAFE_NO_PAD.encode(key.to_string()));
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let values = match name {
                "cursor" => cursors.to_vec(),
                _ if parameter.to_string().contains("date-time") => vec!["-200000-01-01T00:00:00Z".into()],
                _ => continue,
            };
            for value in values {
                let path = format!("{}?{name}={value}", path.replace("{id}", &id.to_string()));
                let answer = admin.send(Method::GET, &path, Body::empty()).await;
                assert!(answer.status.as_u16() < 500, "{path}: {}", answer.body);
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
}
