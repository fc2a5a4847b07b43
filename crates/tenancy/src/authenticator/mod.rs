//! Who sent a request: the one place that looks at credentials.
//!
//! The first credential that a request carries decides; a wrong one is never made up for by another. In order:
//! `Authorization` (Bearer with a token or a Supabase JWT, Basic with a token as password), `X-API-Key`, `?token=` on
//! the webhooks only (an address ends up in logs), the session's cookie.
//!
//! A person who sends a JWT works in their first organization, or in the one that `X-Organization` names by slug.

mod credential;
pub(crate) mod forgery;
pub(crate) mod leaving;
mod recheck;
#[cfg(test)]
mod tests;
use std::{future::Future, pin::Pin};

use axum::http::request::Parts;
use chrono::TimeDelta;
use kernel::{EventId, Result, Secret};
use platform::{
    db::{Actor, Origin, Reach},
    http::{Authenticator, Caller, Client, CredentialId},
};

use self::credential::Credential;
use crate::{
    Deps,
    sessions::{self, cookie::SessionKey},
    supabase, tokens,
};

pub(crate) struct CredentialAuthenticator {
    deps: Deps,
}

impl CredentialAuthenticator {
    pub(crate) const fn new(deps: Deps) -> Self {
        Self { deps }
    }

    async fn find(&self, parts: &Parts) -> Result<Option<Caller>> {
        let Some(credential) = Credential::of(parts)? else { return Ok(None) };
        let origin = Client::of(&parts.extensions).origin();
        match credential {
            Credential::Token(token) => self.by_token(&token, origin).await,
            Credential::Jwt(jwt) => self.by_jwt(&jwt, parts, origin).await,
            Credential::Session(id) => self.by_session(&id, parts, origin).await,
        }
        .map(Some)
    }

    async fn by_token(&self, token: &Secret<String>, origin: Origin) -> Result<Caller> {
        let grant = tokens::actions::redeem(&self.deps, token).await?;
        Ok(Caller {
            org: grant.org,
            credential: CredentialId::Token(grant.id),
            actor: Actor::Token { id: grant.id, name: grant.name, user: grant.user },
            role: Some(grant.role.to_string()),
            permissions: grant.rights.everywhere,
            nodes: grant.rights.nodes,
            reach: Reach::NOWHERE,
            home: grant.home,
            origin,
            correlation: EventId::new(self.deps.app.clock.now()).uuid(),
            csrf_token: None,
            granted: Some(grant.granted),
        })
    }

    async fn by_jwt(&self, jwt: &Secret<String>, parts: &Parts, origin: Origin) -> Result<Caller> {
        let now = self.deps.app.clock.now();
        let organization = parts.headers.get("x-organization").and_then(|value| value.to_str().ok());
        let claims = supabase::actions::verify(&self.deps, jwt).await?;
        // Each JWT is one sign-in, however often it is sent.
        let signed_in_at = claims.issued_at(now).unwrap_or(now - TimeDelta::minutes(1));
        let (person, place) =
            supabase::actions::enter(&self.deps, &claims, organization, signed_in_at).await?;
        let credential = CredentialId::Jwt { expires_at: claims.expires_at() };
        Ok(sessions::actions::caller(
            &self.deps.options.access,
            (&person, &place),
            origin,
            None,
            credential,
            now,
        ))
    }

    async fn by_session(&self, id: &SessionKey, parts: &Parts, origin: Origin) -> Result<Caller> {
        let session = sessions::actions::get(&self.deps, id, parts.method.is_safe()).await?;
        forgery::check(parts, &session.csrf_token, self.deps.options.public_url.as_ref())?;
        let (person, place) = (session.person(), session.place());
        let credential = CredentialId::Session(session.id_hash);
        let (csrf_token, now) = (Some(session.csrf_token), self.deps.app.clock.now());
        Ok(sessions::actions::caller(
            &self.deps.options.access,
            (&person, &place),
            origin,
            csrf_token,
            credential,
            now,
        ))
    }
}

impl Authenticator for CredentialAuthenticator {
    fn is_familiar(&self, parts: &Parts) -> bool {
        let pepper = self.deps.app.keyring.pepper();
        match Credential::of(parts) {
            Ok(Some(Credential::Token(token))) => {
                tokens::actions::is_familiar(&self.deps.app, &self.deps.tokens, &token)
            }
            Ok(Some(Credential::Session(key))) => sessions::cookie::is_ours(pepper, &key),
            // Its signature costs no look-up; a flood of them is a flood of arithmetic, which the limit is for.
            Ok(Some(Credential::Jwt(_)) | None) | Err(_) => false,
        }
    }

    fn has_credential(&self, parts: &Parts) -> bool {
        !matches!(Credential::of(parts), Ok(None))
    }

    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>> {
        Box::pin(self.find(parts))
    }

    fn recheck<'a>(
        &'a self,
        callers: &'a [Caller],
    ) -> Pin<Box<dyn Future<Output = Result<Vec<bool>>> + Send + 'a>> {
        Box::pin(recheck::recheck(&self.deps, callers))
    }
}
