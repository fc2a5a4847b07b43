//! A Slack app's bot: `chat.postMessage` once, then `chat.update`.

use futures::future::BoxFuture;
use kernel::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{blocks, refusal};
use crate::{
    Deps,
    channels::{
        Channel, Outgoing, SendError, Sent, Shape,
        exchange::{endpoint, exchange},
    },
    receivers::{Credential, Credentials, Destination},
};

pub(crate) struct Bot {
    client: reqwest::Client,
    api: Url,
    token: Secret<String>,
    channel: String,
}

/// How Slack names a message. `ts` alone is unique only within its channel.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    channel: String,
    ts: String,
}

impl Bot {
    pub fn open(
        deps: &Deps,
        destination: &Destination,
        credentials: &Credentials,
    ) -> Result<Self, SendError> {
        Ok(Self {
            client: deps.client.clone(),
            api: deps.options.slack_api_url.clone(),
            token: credentials.require(Credential::BotToken)?.clone(),
            channel: destination.require_id()?.to_owned(),
        })
    }

    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let mut message = blocks::message(outgoing.card, Shape::Living(outgoing.trail));
        // Lets programs that read the channel tell states apart (docs.slack.dev/messaging/message-metadata).
        message["metadata"] = json!({
            "event_type": "steward_state_told",
            "event_payload": {
                "delivery_id": outgoing.id,
                "subject_id": outgoing.subject_id,
                "state": outgoing.state,
            },
        });
        let posted = outgoing.posted.and_then(|posted| Posted::deserialize(posted).ok());
        if let Some(posted) = posted
            && let Some(sent) = self.edit(&posted, &message).await?
        {
            return Ok(sent);
        }
        message["channel"] = json!(self.channel);
        message["unfurl_links"] = json!(false);
        message["unfurl_media"] = json!(false);
        let answer = self.call("chat.postMessage", &message).await?.map_err(|code| refusal(&code))?;
        let posted = Posted::deserialize(&answer_ref(&answer)).map_err(|_| {
            SendError::give_up("Slack took the message but did not say which channel and ts it has")
        })?;
        Ok(Sent { external_ref: Some(json!(posted)) })
    }

    /// None when the message cannot be edited any more: somebody deleted it, or the workspace closed it.
    async fn edit(&self, posted: &Posted, message: &Value) -> Result<Option<Sent>, SendError> {
        let mut message = message.clone();
        message["channel"] = json!(posted.channel);
        message["ts"] = json!(posted.ts);
        match self.call("chat.update", &message).await? {
            Ok(_) => Ok(Some(Sent { external_ref: Some(json!(posted)) })),
            Err(code)
                if matches!(&*code, "message_not_found" | "cant_update_message" | "edit_window_closed") =>
            {
                Ok(None)
            }
            Err(code) => Err(refusal(&code)),
        }
    }

    /// Slack's answer, or the code of its refusal.
    async fn call(&self, method: &str, body: &Value) -> Result<Result<Value, String>, SendError> {
        let url = endpoint(&self.api, [method]);
        let request = self.client.post(url).bearer_auth(self.token.expose()).json(body);
        let answer = exchange(Ok(request)).await?.json()?;
        if answer["ok"] == true {
            return Ok(Ok(answer));
        }
        Ok(Err(answer["error"].as_str().unwrap_or("an answer without ok and error").to_owned()))
    }
}

fn answer_ref(answer: &Value) -> Value {
    json!({ "channel": answer["channel"], "ts": answer["ts"] })
}

impl Channel for Bot {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
