//! A Slack app's bot: `chat.postMessage` once, then `chat.update`.

use kernel::{Redactor, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::refusal;
use crate::{
    SendError,
    exchange::{endpoint, exchange},
};

/// The bot of one app in one workspace.
pub struct Bot {
    client: reqwest::Client,
    api: Url,
    token: Secret<String>,
    redactor: Redactor,
}

/// How Slack names a message. `ts` alone is unique only within its channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    pub channel: String,
    pub ts: String,
}

impl Bot {
    /// `api` is the base of the Web API; `token` is the bot's, `xoxb-…`.
    pub fn new(client: reqwest::Client, api: Url, token: Secret<String>) -> Self {
        Self { redactor: crate::redactor([&token]), client, api, token }
    }

    /// Posts a message (its `text`, `blocks`, `attachments`, `metadata`) in a channel.
    pub async fn post(&self, channel: &str, message: &Value) -> Result<Posted, SendError> {
        let mut message = message.clone();
        message["channel"] = json!(channel);
        message["unfurl_links"] = json!(false);
        message["unfurl_media"] = json!(false);
        let answer =
            self.call("chat.postMessage", &message).await?.map_err(|code| self.hide(refusal(&code)))?;
        let posted = json!({ "channel": answer["channel"], "ts": answer["ts"] });
        Posted::deserialize(&posted).map_err(|_| {
            SendError::give_up("Slack took the message but did not say which channel and ts it has")
        })
    }

    /// Replaces a message. False when it cannot be edited any more: somebody deleted it, or the workspace closed it.
    pub async fn edit(&self, posted: &Posted, message: &Value) -> Result<bool, SendError> {
        let mut message = message.clone();
        message["channel"] = json!(posted.channel);
        message["ts"] = json!(posted.ts);
        match self.call("chat.update", &message).await? {
            Ok(_) => Ok(true),
            Err(code)
                if matches!(&*code, "message_not_found" | "cant_update_message" | "edit_window_closed") =>
            {
                Ok(false)
            }
            Err(code) => Err(self.hide(refusal(&code))),
        }
    }

    /// Slack's answer, or the code of its refusal.
    async fn call(&self, method: &str, body: &Value) -> Result<Result<Value, String>, SendError> {
        let url = endpoint(&self.api, [method]);
        let request = self.client.post(url).bearer_auth(self.token.expose()).json(body);
        let answer = exchange(Ok(request)).await.and_then(|answer| answer.json());
        let answer = answer.map_err(|error| self.hide(error))?;
        if answer["ok"] == true {
            return Ok(Ok(answer));
        }
        Ok(Err(answer["error"].as_str().unwrap_or("an answer without ok and error").to_owned()))
    }

    fn hide(&self, error: SendError) -> SendError {
        error.reworded(|text| self.redactor.text(text))
    }
}
