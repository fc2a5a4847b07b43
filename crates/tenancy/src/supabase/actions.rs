//! From a JWT to a person and the organization they enter.

use chrono::{DateTime, Utc};
use kernel::{Error, OrgId, Result, Secret, UserId};
use platform::{
    db::{Actor, Scope},
    record::{Change, Subject},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{
    Claims,
    store::{self, Binding},
};
use crate::{
    Deps,
    members::{
        self,
        model::{Person, Place, choose, normalize_email},
    },
};

/// # Errors
/// `invalid_token`, also when this server knows no Supabase project; `token_expired`
pub(crate) async fn verify(deps: &Deps, jwt: &Secret<String>) -> Result<Claims> {
    let Some(supabase) = &deps.supabase else {
        return Err(super::invalid("this server is not set up for Supabase Auth"));
    };
    supabase.verify(jwt, deps.app.clock.now()).await
}

/// The person of a verified JWT and the organization they enter. An invitation is bound to who comes first with its
/// e-mail. `signed_in_at` is when the person proved who they are.
///
/// # Errors
/// `not_invited`, `user_inactive`, `organization_suspended`, `no_membership`
pub(crate) async fn enter(
    deps: &Deps,
    claims: &Claims,
    organization: Option<&str>,
    signed_in_at: DateTime<Utc>,
) -> Result<(Person, Place)> {
    let (user, now) = (claims.user()?, deps.app.clock.now());
    let mut tx = deps.app.db.system("a Supabase user is known across organizations").await?;
    let mut invited = None;
    let mut found = members::store::person(tx.conn(), user).await?;
    if found.is_none() {
        invited = bind(tx.conn(), claims, user, now).await?;
        found = members::store::person(tx.conn(), user).await?;
    }
    let person = found.ok_or_else(|| {
        let detail = "nobody invited this e-mail; ask an administrator of your organization";
        Error::forbidden("not_invited", detail)
    })?;
    person.status.check("your account")?;
    let places = members::store::places(tx.conn(), user).await?;
    let organizations: Vec<_> = places.iter().map(|place| place.org_id).collect();
    let place = choose(places, organization)?;
    if tx.takes_writes() {
        store::signed_in(tx.conn(), user, signed_in_at, now).await?;
    }
    tx.commit().await?;
    if let Some(invited) = invited {
        record_binding(deps, &person, invited, &organizations).await?;
    }
    Ok((person, place))
}

/// Binds the invitation of the JWT's e-mail, if there is one; answers the id it had.
async fn bind(
    conn: &mut PgConnection,
    claims: &Claims,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<UserId>> {
    let Some(email) = claims.verified_email().and_then(|email| normalize_email(email).ok()) else {
        return Ok(None);
    };
    let Some(invitation) = store::lock_invitation(conn, &email).await? else { return Ok(None) };
    let invited = invitation.id;
    store::bind(conn, &Binding { invited, user, name: claims.name(), avatar_url: claims.avatar_url(), now })
        .await?;
    Ok(Some(invited))
}

/// Each organization of the person has in its record that a member's id changed.
async fn record_binding(
    deps: &Deps,
    person: &Person,
    invited: UserId,
    organizations: &[OrgId],
) -> Result<()> {
    for org in organizations {
        let actor = Actor::User { id: person.id, name: person.display_name().to_owned() };
        let scope = Scope { actor, ..deps.app.db.system_scope(*org, "supabase") };
        let mut tx = deps.app.db.tenant(scope).await?;
        let change = Change {
            kind: "member.bound.v1",
            subject: Subject { kind: "member", id: person.id.uuid() },
            before: Some(json!({ "user_id": invited })),
            after: Some(json!({ "user_id": person.id, "email": person.email })),
            reason: None,
        };
        tx.record(change).await?;
        tx.commit().await?;
    }
    Ok(())
}
