//! The ways out of an organization that lets nobody in.
//!
//! A session stands in one organization. While that is suspended the session opens nothing, but its person may end it, or move
//! it to another organization of theirs. Nothing else is asked of them than that the page is one of ours: `/me`, which
//! tells the token against forgery, is closed to them too.

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::Result;
use platform::{
    db::Reach,
    http::{Caller, Can, Client, CredentialId, Input, Needs, Problem, SignedIn},
};

use super::{credential::Credential, forgery};
use crate::{
    Deps,
    sessions::{self, cookie::SessionKey},
};

/// Somebody who may leave where they are: whoever is let in, and whose session is in a suspended organization.
pub(crate) struct Leaving(pub Caller);

impl FromRequestParts<Deps> for Leaving {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, deps: &Deps) -> Result<Self, Problem> {
        let refused = match Can::<SignedIn>::from_request_parts(parts, deps).await {
            Ok(caller) => return Ok(Self((*caller).clone())),
            Err(refused) => refused,
        };
        match Credential::of(parts)? {
            Some(Credential::Session(key)) if refused.0.code().0 == "organization_suspended" => {
                shut_out(deps, &key, parts).await.map(Self)
            }
            _ => Err(refused),
        }
    }
}

/// The person of a session that lasts, without any rights.
async fn shut_out(deps: &Deps, key: &SessionKey, parts: &Parts) -> Result<Caller, Problem> {
    forgery::check_origin(parts, deps.options.public_url.as_ref())?;
    let session = sessions::actions::get_lasting(&deps.app, key).await?;
    let (person, place) = (session.person(), session.place());
    let (origin, now) = (Client::of(&parts.extensions).origin(), deps.app.clock.now());
    let (csrf_token, credential) = (Some(session.csrf_token), CredentialId::Session(session.id_hash));
    let caller = sessions::actions::caller(
        &deps.options.access,
        (&person, &place),
        origin,
        csrf_token,
        credential,
        now,
    );
    Ok(Caller {
        role: None,
        permissions: Default::default(),
        nodes: Default::default(),
        reach: Reach::NOWHERE,
        ..caller
    })
}

impl Input for Leaving {
    const NEEDS: Needs = Needs::SignedIn;
}
