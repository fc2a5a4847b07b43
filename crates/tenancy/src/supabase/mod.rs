//! Supabase Auth: people who sign in elsewhere.
//!
//! A Supabase project gives its users JWTs. One that this server's project signed, for this audience, by this issuer
//! and not expired, signs in the user whose id is its `sub`. Somebody who was invited accepts first, which makes their account.
//! A person whom the operator made without a password has an id of ours; at their first sign-in the row takes the Supabase
//! id, and everything that refers to it follows. Nobody else gets in: an account at Supabase alone opens nothing
//! (`not_invited`).
//!
//! The e-mail of a JWT counts as verified unless the JWT denies it, because Supabase gives no session before the
//! e-mail is confirmed. A project that turned "Confirm email" off lets anybody claim an invitation: do not.

pub(crate) mod actions;
mod claims;
mod jwks;
mod store;
#[cfg(test)]
mod test_keys;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kernel::{Error, Result, Secret};
use platform::outbound::Outbound;
use url::Url;

pub(crate) use self::claims::Claims;
use self::{claims::Times, jwks::Jwks};

/// A JWT of Supabase has one to two kilobytes.
const LARGEST: usize = 16 << 10;

/// The Supabase project whose users may sign in.
#[derive(Clone)]
pub struct SupabaseOptions {
    /// `iss` of its JWTs: `https://<project>.supabase.co/auth/v1`.
    pub issuer: String,
    /// `aud` of its JWTs; `authenticated` unless the project changed it.
    pub audience: String,
    pub keys: SupabaseKeys,
    /// What browsers name the project by when they sign in; public.
    pub publishable_key: Option<String>,
}

/// How the project signs. Which algorithms are taken follows from it, never from the JWT.
#[derive(Clone)]
pub enum SupabaseKeys {
    /// HS256 with the project's legacy JWT secret.
    Secret(Secret<String>),
    /// RS256 or ES256 with a key of the set at this address.
    Jwks(Url),
}

/// Checks JWTs of one project.
pub(crate) struct Verifier {
    issuer: String,
    audience: String,
    keys: Keys,
}

enum Keys {
    Secret(DecodingKey),
    Jwks(Jwks),
}

impl Verifier {
    pub(crate) fn new(options: &SupabaseOptions) -> Result<Self> {
        let keys = match &options.keys {
            SupabaseKeys::Secret(secret) => {
                Keys::Secret(DecodingKey::from_secret(secret.expose().as_bytes()))
            }
            SupabaseKeys::Jwks(url) => {
                Keys::Jwks(Jwks::new(url.clone(), Outbound::trusted(Duration::from_secs(5))?))
            }
        };
        Ok(Self { issuer: options.issuer.clone(), audience: options.audience.clone(), keys })
    }

    /// The claims of a JWT that this project signed for us and that is valid now.
    ///
    /// # Errors
    /// `invalid_token`, `token_expired`; unavailable when the project's keys cannot be fetched.
    pub(crate) async fn verify(&self, jwt: &Secret<String>, now: DateTime<Utc>) -> Result<Claims> {
        let jwt = jwt.expose();
        if jwt.len() > LARGEST {
            return Err(invalid("it is too long"));
        }
        let header = decode_header(jwt).map_err(|_| invalid("its header cannot be read"))?;
        let key = match (&self.keys, header.alg) {
            (Keys::Secret(key), Algorithm::HS256) => key.clone(),
            (Keys::Jwks(keys), Algorithm::RS256 | Algorithm::ES256) => {
                let kid = header.kid.as_deref().ok_or_else(|| invalid("it names no key"))?;
                keys.key(kid, header.alg, now).await?
            }
            _ => return Err(invalid("it is signed in a way that this server does not take")),
        };
        let mut validation = Validation::new(header.alg);
        validation.set_required_spec_claims(&["exp", "sub", "aud", "iss"]);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        // Times are checked against our clock below.
        validation.validate_exp = false;
        let claims =
            decode::<Claims>(jwt, &key, &validation).map_err(|error| invalid(&error.to_string()))?.claims;
        match claims.times(now) {
            Times::Valid => Ok(claims),
            Times::Expired => {
                Err(Error::unauthenticated("token_expired", "this JWT has expired; refresh it"))
            }
            Times::NotYet => Err(invalid("it is not valid yet")),
        }
    }
}

fn invalid(why: &str) -> Error {
    Error::unauthenticated("invalid_token", format!("this JWT is not taken: {why}"))
}
