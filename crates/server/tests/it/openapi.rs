//! The committed document is what the code says.

use server::{compose, router};

#[tokio::test]
async fn openapi_json_is_up_to_date() {
    let document = router::openapi(&compose::disconnected().unwrap());
    let written = serde_json::to_string_pretty(&document).unwrap();
    let committed = include_str!("../../../../openapi.json");
    assert!(
        written.trim() == committed.trim(),
        "openapi.json is out of date: run `make openapi` and commit it"
    );
}

#[tokio::test]
async fn every_operation_has_an_id_a_summary_and_a_tag() {
    let document = serde_json::to_value(router::openapi(&compose::disconnected().unwrap())).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no id"));
            assert!(ids.insert(id.to_owned()), "{name}: the id {id} is taken");
            assert!(operation["summary"].is_string(), "{name} says nothing");
            assert!(operation["tags"][0].is_string(), "{name} has no tag");
        }
    }
    assert!(ids.len() > 60, "{}", ids.len());
}
