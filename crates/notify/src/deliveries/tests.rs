//! Deliveries from the announcement to the platform, which is a fake over real HTTP.

mod crashes;
mod listening;
mod order;
mod recipients;
mod refusals;
mod transports;

use serde_json::Value;

const POST: &str = "POST /api/chat.postMessage";
const UPDATE: &str = "POST /api/chat.update";

/// What is told last in the trail of a Slack message.
fn states(message: &Value) -> String {
    let context = &message["attachments"][0]["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|block| block["type"] == "context");
    let text = context.unwrap()["elements"][0]["text"].as_str().unwrap();
    text.split("  →  ").map(|step| step.split(" <!date").next().unwrap()).collect::<Vec<_>>().join(" > ")
}
