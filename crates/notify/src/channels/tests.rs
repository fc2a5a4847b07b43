//! What holds for every channel, those of tomorrow too.

pub(crate) mod pager;

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value, json};
use uuid::Uuid;
use wiremock::{Mock, ResponseTemplate, matchers::any};

use super::{CHANNELS, Descriptor, Format, distinct};
use crate::{
    ReceiverId,
    card::{Card, State},
    tests::{World, card, lines, response},
};

/// A value that the API takes, and that is looked for afterwards.
fn canary(format: Format, server: &str) -> String {
    match format {
        Format::Id => "destination".into(),
        Format::Address => "team@example.com".into(),
        Format::Token { prefix } => format!("{prefix}canary-token"),
        Format::WebhookUrl => format!("{server}/hook/canary-address"),
        Format::SigningSecret => "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5".into(),
    }
}

/// The fields of a receiver of a channel, with a canary in each setting.
fn fields(channel: &Descriptor, server: &str) -> Value {
    let mut fields = Map::new();
    fields.insert("im_type".into(), channel.im_type.into());
    fields.insert("transport".into(), channel.transport.into());
    for setting in channel.settings {
        fields.insert(setting.name.into(), canary(setting.format, server).into());
    }
    fields.into()
}

async fn receiver_of(world: &World, channel: &Descriptor) -> ReceiverId {
    world.receiver(channel.id, fields(channel, &world.server.uri())).await
}

#[test]
fn each_folder_is_a_channel_of_the_list_and_the_other_way_round() {
    let channels = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/channels");
    let folders = fs::read_dir(channels).unwrap().map(Result::unwrap);
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
    let folders: BTreeSet<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    let mut expected: BTreeSet<_> = CHANNELS.iter().map(|channel| channel.id.to_owned()).collect();
    assert_eq!(expected.len(), CHANNELS.len());
    expected.remove(pager::CHANNEL.id);
    expected.insert("tests".into());
    assert_eq!(folders, expected);
}

#[test]
fn a_descriptor_can_be_told_from_all_others() {
    let pairs: BTreeSet<_> = CHANNELS.iter().map(|channel| (channel.im_type, channel.transport)).collect();
    assert_eq!(pairs.len(), CHANNELS.len());
    for channel in CHANNELS {
        let names: BTreeSet<_> = channel.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), channel.settings.len(), "{channel:?}");
        assert!(channel.settings.iter().all(|setting| !setting.label.is_empty() && !setting.help.is_empty()));
        assert_eq!(Descriptor::find(channel.im_type, channel.transport), Some(*channel));
    }
}

#[test]
fn the_page_about_receivers_has_a_line_for_each_channel() {
    let page = include_str!("../../../../docs/receivers.md");
    for channel in CHANNELS.iter().filter(|channel| channel.id != pager::CHANNEL.id) {
        let Descriptor { name, im_type, transport, .. } = channel;
        let line =
            page.lines().find(|line| line.starts_with(&format!("| {name} | `{im_type}`, `{transport}` |")));
        let line = line.unwrap_or_else(|| panic!("docs/receivers.md has no line for {name}"));
        for credential in channel.credentials() {
            assert!(line.contains(&format!("`{}`", credential.name)), "{name}: {}", credential.name);
        }
    }
}

#[tokio::test]
async fn a_channel_that_there_is_not_is_refused_with_those_that_there_are() {
    let world = World::new().await;
    let check = async |im_type: &str, transport: &str, pointer: &str, detail: &str| {
        let mut body = fields(&pager::CHANNEL, "https://gateway.example");
        let of = json!({ "name": "n", "receiver_im": "n", "im_type": im_type, "transport": transport });
        body.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
        let problem = world.client().post("/api/v1/receivers", body).await.expect(422);
        assert_eq!(problem["code"], "invalid_receiver", "{problem}");
        assert_eq!(problem["errors"], json!([{ "pointer": pointer, "detail": detail }]));
    };
    check("pager", "webhook", "/transport", "pager is reached by gateway").await;
    check("slack", "gateway", "/transport", "slack is reached by bot or webhook").await;
    let platforms = distinct(CHANNELS.iter().map(|channel| channel.im_type)).join(", ");
    check("fax", "gateway", "/im_type", &format!("must be one of {platforms}")).await;
    assert_eq!(world.org.count("im_receivers").await, 0);
}

#[tokio::test]
async fn what_no_channel_has_is_refused_and_what_another_has_too() {
    let world = World::new().await;
    for (name, value) in [("signing_secret", json!("s")), ("colour", json!("red")), ("a/b", Value::Null)] {
        let mut body = fields(&pager::CHANNEL, &world.server.uri());
        let more = json!({ "name": "n", "receiver_im": "n", name: value });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let problem = world.client().post("/api/v1/receivers", body).await.expect(422);
        let pointer = format!("/{}", name.replace('/', "~1"));
        let detail = "is no setting of the channel Pager";
        assert_eq!(problem["errors"], json!([{ "pointer": pointer, "detail": detail }]));
    }
}

#[tokio::test]
async fn a_form_learns_from_the_api_what_each_channel_needs_and_can_do() {
    let world = World::new().await;
    let listed = world.client().get("/api/v1/receivers/channels").await.expect(200);
    let channels = listed["items"].as_array().unwrap();
    let declared: Vec<_> = CHANNELS.iter().map(|channel| json!(channel)).collect();
    assert_eq!(*channels, declared);
    assert_eq!(
        channels[0],
        json!({
            "id": "slack_bot", "name": "Slack app", "im_type": "slack", "transport": "bot",
            "settings": [
                { "name": "destination_id", "label": "Channel", "help": "The channel's ID, such as C0123456789",
                    "credential": false, "required": true, "format": { "kind": "id" } },
                { "name": "bot_token", "label": "Bot token", "help": "Starts with xoxb-; needs chat:write",
                    "credential": true, "required": true, "format": { "kind": "token", "prefix": "xoxb-" } },
            ],
            "limits": { "text_units": 3000, "request_bytes": null },
            "abilities": { "edits": true, "confirms": false },
        })
    );
}

/// Nothing but the list names the pager, and all of this works.
#[tokio::test]
async fn a_channel_is_its_descriptor_and_its_implementation_and_nothing_else() {
    let world = World::new().await;
    let id = receiver_of(&world, &pager::CHANNEL).await;
    let shown = world.show(id).await;
    assert_eq!((&shown["im_type"], &shown["transport"]), (&json!("pager"), &json!("gateway")));
    assert_eq!((&shown["has_credentials"], &shown["destination_id"]), (&json!(true), &json!("destination")));
    assert_eq!(world.org.count("configurations").await, 2);

    world.answers("POST /hook/canary-address", 200, json!("taken")).await;
    let test = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert_eq!(test, json!({ "ok": true, "error": null }));
    world.announce(Uuid::new_v4(), &["pager"], State::Opened).await;
    world.deliver().await;
    let got = world.got().await;
    assert_eq!(lines(&got), ["POST /hook/canary-address", "POST /hook/canary-address"]);
    let expected = json!({ "to": "destination", "text": "[Critical] Opened: Pod web-1 crash-loops" });
    assert_eq!(got[1].body, expected);
    assert_eq!(world.log(id).await[0]["status"], "delivered");

    assert_eq!(world.client().delete(&format!("/api/v1/receivers/{id}")).await.status, 204);
    assert_eq!(world.org.count("configurations").await, 0);
}

#[tokio::test]
async fn no_channel_shows_a_credential_that_the_platform_repeats() {
    let world = World::new().await;
    let repeats = |request: &wiremock::Request| {
        let token = request.headers.get("authorization").map_or("", |value| value.to_str().unwrap());
        let said = format!("{} {token} {}", request.url, String::from_utf8_lossy(&request.body));
        ResponseTemplate::new(400).set_body_string(said)
    };
    Mock::given(any()).respond_with(repeats).mount(&world.server).await;
    for channel in CHANNELS {
        let id = receiver_of(&world, channel).await;
        let test = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
        assert_eq!(test["ok"], false, "{channel:?}: {test}");
        world.announce(Uuid::new_v4(), &[channel.id], State::Opened).await;
        world.deliver().await;
        for shown in [test, world.show(id).await, json!(world.log(id).await)] {
            assert!(!shown.to_string().contains("canary"), "{channel:?}: {shown}");
        }
    }
}

#[tokio::test]
async fn lark_s_own_token_is_not_shown_although_lark_repeats_it() {
    let world = World::new().await;
    let id = world.lark_app("team").await;
    world.lark_app_works().await;
    let said = json!({ "code": 230_099, "msg": "no: Bearer t-canary" });
    world.answers_once("POST /open-apis/im/v1/messages", response(200, said)).await;
    let test = world.client().post(&format!("/api/v1/receivers/{id}/test"), json!({})).await.expect(200);
    assert_eq!(test["error"], "Lark says 230099 no: Bearer [hidden]");
}

/// Every text in a message.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_message_keeps_to_the_limits_of_its_channel() {
    let world = World::new().await;
    // A word that each platform understands.
    let taken = json!({ "ok": true, "channel": "C1", "ts": "1.5", "code": 0, "tenant_access_token": "t", "expire": 7200,
        "data": { "message_id": "om_1" } });
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(taken))
        .mount(&world.server)
        .await;
    let long = "<&\"漢😀\\\n".repeat(3000);
    // Those that talk HTTP; a mail has no limit but the mail server's.
    for channel in CHANNELS.iter().filter(|channel| channel.transport != "smtp") {
        receiver_of(&world, channel).await;
        let large = Card {
            title: long.clone(),
            summary: Some(long.clone()),
            cause: Some(long.clone()),
            actions: vec![long.clone(); 40],
            ..card(State::Concluded)
        };
        world.announce_card(Uuid::new_v4(), &[channel.id], large).await;
        world.deliver().await;
        let got = world.got().await;
        let message = &got.last().unwrap_or_else(|| panic!("{channel:?} sent nothing")).body;
        let most = channel.limits.request_bytes.map_or(usize::MAX, |most| most as usize);
        assert!(message.to_string().len() <= most, "{channel:?}: {}", message.to_string().len());
        let (mut found, most) =
            (Vec::new(), channel.limits.text_units.map_or(usize::MAX, |most| most as usize));
        texts(message, &mut found);
        let longest = found.iter().map(|text| text.encode_utf16().count()).max().unwrap();
        assert!(longest > 100 && longest <= most, "{channel:?}: {longest}");
    }
}
