//! A Lark app's bot: posts a card with an idempotency key, then edits it.

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Clock, Redactor, Secret};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{
    Refusal, accepted,
    tokens::{AppKey, Tokens},
};
use crate::{
    SendError,
    exchange::{endpoint, exchange},
};

/// How Lark is reached, and what this process remembers of it.
#[derive(Clone)]
pub struct Access {
    pub client: reqwest::Client,
    /// The base of the open API.
    pub api: Url,
    pub tokens: Arc<Tokens>,
    pub clock: Arc<dyn Clock>,
}

/// The bot of one app.
pub struct App {
    access: Access,
    key: AppKey,
    id: Secret<String>,
    secret: Secret<String>,
    redactor: Redactor,
}

/// How Lark names a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    pub message_id: String,
}

impl App {
    pub fn new(access: Access, id: Secret<String>, secret: Secret<String>) -> Self {
        let redactor = crate::redactor([&id, &secret]);
        Self { access, key: AppKey::new(&id, &secret), id, secret, redactor }
    }

    /// Posts a card in a chat. Lark shows a message with the same `key` once within an hour.
    pub async fn post(&self, chat_id: &str, key: Uuid, card: &Value) -> Result<Posted, SendError> {
        let mut url = endpoint(&self.access.api, ["im", "v1", "messages"]);
        url.set_query(Some("receive_id_type=chat_id"));
        let body = json!({
            "receive_id": chat_id,
            "msg_type": "interactive",
            "content": card.to_string(),
            "uuid": key,
        });
        let answer = self.call(Method::POST, &url, &body).await?;
        let answer = answer.map_err(|refusal| self.hide(refusal.into()))?;
        let message_id = answer["data"]["message_id"].as_str();
        let message_id = message_id.ok_or_else(|| SendError::retry("Lark's answer names no message"))?;
        Ok(Posted { message_id: message_id.into() })
    }

    /// Replaces a card. False when it cannot be edited any more.
    pub async fn edit(&self, posted: &Posted, card: &Value) -> Result<bool, SendError> {
        let url = endpoint(&self.access.api, ["im", "v1", "messages", &posted.message_id]);
        match self.call(Method::PATCH, &url, &json!({ "content": card.to_string() })).await? {
            Ok(_) => Ok(true),
            Err(refusal) if refusal.is_of_lost_message() => Ok(false),
            Err(refusal) => Err(self.hide(refusal.into())),
        }
    }

    /// Calls with the tenant token; one that Lark no longer takes is replaced once.
    async fn call(
        &self,
        method: Method,
        url: &Url,
        body: &Value,
    ) -> Result<Result<Value, Refusal>, SendError> {
        let token = match self.access.tokens.get(self.key, self.access.clock.now()) {
            Some(token) => token,
            None => self.fresh_token().await?,
        };
        match self.request(method.clone(), url, body, &token).await? {
            Err(refusal) if refusal.is_of_token() => {
                self.access.tokens.forget(self.key);
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
        let request = self.access.client.request(method, url.clone()).bearer_auth(token.expose()).json(body);
        // The tenant token is a secret as well, and known to nobody outside.
        let redactor = crate::redactor([token]);
        let clean = |error: SendError| self.hide(error.reworded(|text| redactor.text(text)));
        let answer = exchange(Ok(request)).await.and_then(|answer| answer.json()).map_err(clean)?;
        Ok(accepted(answer).map_err(|refusal| refusal.reworded(|text| redactor.text(text))))
    }

    /// <https://open.larksuite.com/document/server-docs/authentication-management/access-token/tenant_access_token_internal>
    async fn fresh_token(&self) -> Result<Secret<String>, SendError> {
        self.issued_token().await.map_err(|error| self.hide(error))
    }

    async fn issued_token(&self) -> Result<Secret<String>, SendError> {
        let Access { client, api, tokens, clock } = &self.access;
        let url = endpoint(api, ["auth", "v3", "tenant_access_token", "internal"]);
        let body = json!({ "app_id": self.id.expose(), "app_secret": self.secret.expose() });
        let answer = accepted(exchange(Ok(client.post(url).json(&body))).await?.json()?)?;
        let token = answer["tenant_access_token"].as_str();
        let token = token.ok_or_else(|| SendError::retry("Lark's answer holds no tenant token"))?;
        let token = Secret::new(token.to_owned());
        let lasts = TimeDelta::seconds(answer["expire"].as_i64().unwrap_or(0).clamp(0, 86_400));
        tokens.keep(self.key, token.clone(), lasts, clock.now());
        Ok(token)
    }

    fn hide(&self, error: SendError) -> SendError {
        error.reworded(|text| self.redactor.text(text))
    }
}
