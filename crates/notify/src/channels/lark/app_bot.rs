//! A Lark app's bot: posts a card with an idempotency key, then edits it.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::BoxFuture;
use kernel::{Clock, Secret};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    Refusal, accepted, message_card,
    tokens::{AppKey, Tokens},
};
use crate::{
    Deps,
    channels::{
        Channel, Outgoing, SendError, Sent, Shape,
        exchange::{endpoint, exchange},
    },
    receivers::{Credential, Credentials, Destination},
};

pub(crate) struct AppBot {
    client: reqwest::Client,
    api: Url,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    app: AppKey,
    app_id: Secret<String>,
    app_secret: Secret<String>,
    chat_id: String,
}

/// How Lark names a message.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Posted {
    message_id: String,
}

impl AppBot {
    pub fn open(
        deps: &Deps,
        destination: &Destination,
        credentials: &Credentials,
    ) -> Result<Self, SendError> {
        let app_id = credentials.require(Credential::AppId)?.clone();
        let app_secret = credentials.require(Credential::AppSecret)?.clone();
        Ok(Self {
            client: deps.client.clone(),
            api: deps.options.lark_api_url.clone(),
            tokens: deps.lark_tokens.clone(),
            clock: deps.app.clock.clone(),
            app: AppKey::new(&app_id, &app_secret),
            app_id,
            app_secret,
            chat_id: destination.require_id()?.to_owned(),
        })
    }

    async fn tell(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let content = message_card::render(outgoing.card, Shape::Living(outgoing.trail)).to_string();
        let posted = outgoing.posted.and_then(|posted| Posted::deserialize(posted).ok());
        if let Some(posted) = posted
            && self.edit(&posted, &content).await?
        {
            return Ok(Sent { external_ref: Some(json!(posted)) });
        }
        let mut url = endpoint(&self.api, ["im", "v1", "messages"]);
        url.set_query(Some("receive_id_type=chat_id"));
        let body = json!({
            "receive_id": self.chat_id,
            "msg_type": "interactive",
            "content": content,
            // Lark shows a message with the same key once within an hour.
            "uuid": outgoing.id,
        });
        let answer = self.call(Method::POST, &url, &body).await??;
        let message_id = answer["data"]["message_id"].as_str();
        let message_id = message_id.ok_or_else(|| SendError::retry("Lark's answer names no message"))?;
        Ok(Sent { external_ref: Some(json!(Posted { message_id: message_id.into() })) })
    }

    /// False when the message cannot be edited any more.
    async fn edit(&self, posted: &Posted, content: &str) -> Result<bool, SendError> {
        let url = endpoint(&self.api, ["im", "v1", "messages", &posted.message_id]);
        match self.call(Method::PATCH, &url, &json!({ "content": content })).await? {
            Ok(_) => Ok(true),
            Err(refusal) if refusal.is_of_lost_message() => Ok(false),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Calls with the tenant token; one that Lark no longer takes is replaced once.
    async fn call(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
    ) -> Result<Result<Value, Refusal>, SendError> {
        let token = match self.tokens.get(self.app, self.clock.now()) {
            Some(token) => token,
            None => self.fresh_token().await?,
        };
        match self.request(method.clone(), url, body, &token).await? {
            Err(refusal) if refusal.is_of_token() => {
                self.tokens.forget(self.app);
                let token = self.fresh_token().await?;
                self.request(method, url, body, &token).await
            }
            answered => Ok(answered),
        }
    }

    async fn request(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
        token: &Secret<String>,
    ) -> Result<Result<Value, Refusal>, SendError> {
        let request = self.client.request(method, url.clone()).bearer_auth(token.expose()).json(body);
        Ok(accepted(exchange(Ok(request)).await?.json()?))
    }

    /// <https://open.larksuite.com/document/server-docs/authentication-management/access-token/tenant_access_token_internal>
    async fn fresh_token(&self) -> Result<Secret<String>, SendError> {
        let url = endpoint(&self.api, ["auth", "v3", "tenant_access_token", "internal"]);
        let body = json!({ "app_id": self.app_id.expose(), "app_secret": self.app_secret.expose() });
        let answer = accepted(exchange(Ok(self.client.post(url).json(&body))).await?.json()?)?;
        let token = answer["tenant_access_token"].as_str();
        let token = token.ok_or_else(|| SendError::retry("Lark's answer holds no tenant token"))?;
        let token = Secret::new(token.to_owned());
        let lasts = TimeDelta::seconds(answer["expire"].as_i64().unwrap_or(0).clamp(0, 86_400));
        self.tokens.keep(self.app, token.clone(), lasts, self.clock.now());
        Ok(token)
    }
}

impl Channel for AppBot {
    fn send<'a>(&'a self, outgoing: &'a Outgoing<'a>) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(self.tell(outgoing))
    }
}
