//! Who sent a request: the one place that looks at credentials.
//!
//! The first credential that a request carries decides; a wrong one is never made up for by another. In order:
//! `Authorization` (Bearer with a token or a Supabase JWT, Basic with a token as password), `X-API-Key`, `?token=` on
//! the webhooks only (an address ends up in logs), the session's cookie.

mod client;
mod credential;
pub(crate) mod network;
#[cfg(test)]
mod tests;

use std::{future::Future, pin::Pin};

use axum::http::request::Parts;
use kernel::{EventId, Result, Secret};
use platform::{
    db::{Actor, Origin},
    http::{Authenticator, Caller},
};

use self::credential::Credential;
use crate::{Deps, tokens};

pub(crate) struct CredentialAuthenticator {
    deps: Deps,
}

impl CredentialAuthenticator {
    pub(crate) const fn new(deps: Deps) -> Self {
        Self { deps }
    }

    async fn find(&self, parts: &Parts) -> Result<Option<Caller>> {
        let Some(credential) = Credential::of(parts)? else { return Ok(None) };
        let origin = client::origin(parts, &self.deps.options.trusted_proxies);
        match credential {
            Credential::Token(token) => self.by_token(&token, origin).await.map(Some),
        }
    }

    async fn by_token(&self, token: &Secret<String>, origin: Origin) -> Result<Caller> {
        let grant = tokens::actions::redeem(&self.deps.app, &self.deps.tokens, token).await?;
        Ok(Caller {
            org: grant.org,
            actor: Actor::Token { id: grant.id, name: grant.name },
            role: grant.role.to_string(),
            permissions: grant.permissions,
            origin,
            correlation: EventId::new(self.deps.app.clock.now()).uuid(),
            csrf_token: None,
        })
    }
}

impl Authenticator for CredentialAuthenticator {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>> {
        Box::pin(self.find(parts))
    }
}
