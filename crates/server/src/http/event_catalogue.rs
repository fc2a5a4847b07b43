//! Every kind of event, as people read it: the webhooks of the OpenAPI document, and `docs/events.md`.

use std::fmt::Write as _;

use platform::{
    http::permission_extension,
    record::{self, Catalogue, Declared},
};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, OpenApi, PathItem, Paths, Ref, RefOr, ResponseBuilder, Schema,
    extensions::Extensions,
    path::{OperationBuilder, PathItemBuilder},
    request_body::RequestBodyBuilder,
    schema::{AllOfBuilder, ObjectBuilder, Type},
};

/// Adds a webhook for each kind, with the shape of its payload.
pub(crate) fn describe(document: &mut OpenApi, catalogue: &Catalogue) {
    let components = document.components.get_or_insert_default();
    let mut webhooks = Paths::new();
    for declared in catalogue.iter() {
        let mut parts = Vec::new();
        (declared.parts)(&mut parts);
        for (name, schema) in parts {
            components.schemas.entry(name).or_insert(schema);
        }
        webhooks.paths.insert(declared.kind.to_owned(), webhook(declared));
    }
    document.webhooks = Some(webhooks);
}

fn webhook(declared: &Declared) -> PathItem {
    let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([declared.kind]));
    let subject = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([declared.subject]));
    let own = ObjectBuilder::new()
        .property("kind", kind)
        .property("subject_type", subject)
        .property("payload", (declared.payload)())
        .required("kind")
        .required("subject_type")
        .required("payload");
    let event = AllOfBuilder::new().item(Ref::from_schema_name("Event")).item(own);
    let body = RequestBodyBuilder::new()
        .content(
            "application/json",
            ContentBuilder::new().schema(Some(RefOr::T(Schema::from(event)))).build(),
        )
        .extensions(Some(kept_extension(declared)))
        .build();
    let operation = OperationBuilder::new()
        .operation_id(Some(declared.kind))
        .tag("events")
        .summary(Some(declared.means.trim()))
        .request_body(Some(body))
        .response("200", ResponseBuilder::new().description("Taken").build())
        .extensions(Some(permission_extension(declared.read, true)));
    PathItemBuilder::new().operation(HttpMethod::Post, operation).build()
}

/// The settings that say how long it is kept. It stands at the body, for two extensions at one place come in any order, and the document is to be
/// the same each time it is written.
fn kept_extension(declared: &Declared) -> Extensions {
    let kept = [Some(record::EVENTS_KEPT.key), declared.kept.map(|setting| setting.key)];
    Extensions::builder().add("x-kept", kept.into_iter().flatten().collect::<Vec<_>>()).build()
}

/// `docs/events.md`.
pub fn page(catalogue: &Catalogue) -> String {
    let mut page = String::from(
        "# Events\n\n\
         What happened, as the live stream (`GET /api/v1/events`) tells it and reactions get it. This page is written by\n\
         `make openapi` from the code; the shapes of the payloads are the webhooks of `/openapi.json`, shown at `/docs`.\n\n\
         A kind ends with its version. What would break a reader is a new version beside the old one; a member that is added\n\
         is none. Read members that you do not know as absent, and kinds that you do not know not at all. An event is seen by\n\
         who has the permission in the organization, or at the node that owns the subject (`node_id`) or above.\n\n\
         Events are kept as the setting `events.kept_days` says. A kind with another setting beside it goes after the shorter of the two.\n\n\
         A **change** was made by a person or program, or follows from one: its payload is `before` and `after`, and\n\
         most are lines of the audit log as well, with the reason that was given.\n\n\
         The first word of a kind is its area, by which `steward streams reader --kinds` knows it.\n",
    );
    let mut area = "";
    for declared in catalogue.iter() {
        let first = declared.kind.split('.').next().unwrap_or_default();
        if first != area {
            area = first;
            let _ = write!(
                page,
                "\n## {area}\n{}\n| kind | what happened | permission | payload |\n|---|---|---|---|\n",
                kept(declared)
            );
        }
        let (kind, means, read) = (declared.kind, declared.means.trim(), declared.read);
        let _ = writeln!(page, "| `{kind}` | {means} | `{read}` | {} |", members(declared));
    }
    page
}

/// Where its retention is looked up, if that is a place of its own.
fn kept(declared: &Declared) -> String {
    declared.kept.map_or_else(String::new, |setting| format!("\nKept: `{}`.\n", setting.key))
}

/// The names of the payload's members; of a change, what changed.
fn members(declared: &Declared) -> String {
    let RefOr::T(Schema::Object(object)) = (declared.payload)() else { return String::new() };
    let names: Vec<_> = object.properties.keys().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
