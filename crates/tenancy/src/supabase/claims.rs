//! What a Supabase JWT says (<https://supabase.com/docs/guides/auth/jwt-fields>).

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Result, UserId};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::invalid;

/// How far two clocks may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// The claims we use. The rest of a JWT may look as it likes.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    sub: String,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    email: Option<String>,
    email_verified: Option<bool>,
    is_anonymous: Option<bool>,
    /// Users may write into it by themselves.
    #[serde(default)]
    user_metadata: Value,
}

/// Whether a JWT is valid at some moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Times {
    Valid,
    Expired,
    NotYet,
}

impl Claims {
    pub(super) fn times(&self, now: DateTime<Utc>) -> Times {
        let moment = |at: DateTime<Utc>| at.timestamp() as f64;
        if self.exp <= moment(now - LEEWAY) {
            Times::Expired
        } else if self.nbf.is_some_and(|from| from > moment(now + LEEWAY)) {
            Times::NotYet
        } else {
            Times::Valid
        }
    }

    /// Until when the JWT counts.
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp as i64, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// # Errors
    /// `invalid_token`
    pub(super) fn user(&self) -> Result<UserId> {
        self.sub.parse().map_err(|_| invalid("its `sub` is no UUID"))
    }

    /// When the JWT was issued, if it says so and was so by now.
    pub(crate) fn issued_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.iat? as i64, 0).filter(|at| *at <= now)
    }

    /// The user's e-mail, unless the JWT says that nobody verified it.
    pub(super) fn verified_email(&self) -> Option<&str> {
        let denied = self.email_verified == Some(false)
            || self.user_metadata.get("email_verified") == Some(&Value::Bool(false))
            || self.is_anonymous == Some(true);
        self.email.as_deref().filter(|_| !denied)
    }

    /// A name to show, until somebody gives a better one.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.metadata("full_name").or_else(|| self.metadata("name"))?;
        crate::organizations::model::check_name(name).ok()
    }

    pub(super) fn avatar_url(&self) -> Option<&str> {
        let url = self.metadata("avatar_url").filter(|url| url.chars().count() <= 500)?;
        Url::parse(url).is_ok_and(|parsed| parsed.scheme() == "https").then_some(url)
    }

    fn metadata(&self, name: &str) -> Option<&str> {
        self.user_metadata.get(name)?.as_str()
    }
}
